#include "core/base/clock.h"

#include <thread>

#include "gtest/gtest.h"

namespace landwaiter::base {
namespace {

TEST(RealClockTest, InterruptEndsAPresentAndEveryFutureSleep) {
  RealClock clock;
  std::thread interrupter([&] { clock.Interrupt(); });
  EXPECT_FALSE(clock.Sleep(absl::Minutes(10)));
  EXPECT_FALSE(clock.Sleep(absl::Minutes(10)));
  clock.Interrupt();
  interrupter.join();
}

TEST(RealClockTest, SleepReturnsTrueWhenTheTimeHasPassed) {
  RealClock clock;
  EXPECT_TRUE(clock.Sleep(absl::Milliseconds(1)));
  EXPECT_TRUE(clock.Sleep(-absl::Seconds(1)));
}

TEST(FakeClockTest, SleepMovesTheClockAndCounts) {
  FakeClock clock;
  const absl::Time start = clock.Now();
  EXPECT_TRUE(clock.Sleep(absl::Seconds(5)));
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ(clock.Now() - start, absl::Seconds(6));
  EXPECT_EQ(clock.Slept(), absl::Seconds(5));
}

}  // namespace
}  // namespace landwaiter::base
