#include "core/base/stop_signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "absl/time/clock.h"

namespace landwaiter::base {
namespace {

TEST(StopSignalsTest, ASignalInterruptsTheClock) {
  for (const int signal : {SIGTERM, SIGINT}) {
    RealClock clock;
    const StopSignals signals(clock);
    EXPECT_TRUE(clock.Sleep(absl::Milliseconds(1)));
    kill(getpid(), signal);
    EXPECT_FALSE(clock.Sleep(absl::Seconds(30)));
  }
}

TEST(StopSignalsTest, WithoutASignalItEndsAtOnce) {
  RealClock clock;
  const absl::Time begin = absl::Now();
  {
    const StopSignals signals(clock, absl::ZeroDuration());
  }
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  EXPECT_TRUE(clock.Sleep(absl::Milliseconds(1)));
}

TEST(StopSignalsTest, WhatDoesNotLetGoInTimeIsLeft) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        RealClock clock;
        const StopSignals signals(clock, absl::Milliseconds(300));
        kill(getpid(), SIGTERM);
        absl::SleepFor(absl::Seconds(60));
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace landwaiter::base
