#include "operator/kube/backoff.h"

#include "gtest/gtest.h"

namespace landwaiter::kube {
namespace {

TEST(BackoffTest, DelayDoublesUpToTheGreatestWithJitter) {
  Backoff backoff({}, 1);
  absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  absl::Duration base = absl::Milliseconds(800);
  for (int i = 0; i < 10; ++i) {
    const absl::Duration delay = backoff.Next(now);
    EXPECT_GE(delay, base) << i;
    EXPECT_LT(delay, 2 * base) << i;
    now += delay;
    base = std::min(2 * base, absl::Duration(absl::Seconds(30)));
  }
}

TEST(BackoffTest, TwoHealthyMinutesStartItOver) {
  Backoff backoff({}, 1);
  absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  for (int i = 0; i < 8; ++i) now += backoff.Next(now);
  EXPECT_GE(backoff.Next(now), absl::Seconds(30));
  now += absl::Seconds(60) + absl::Minutes(2);
  EXPECT_LT(backoff.Next(now), absl::Milliseconds(1600));
}

}  // namespace
}  // namespace landwaiter::kube
