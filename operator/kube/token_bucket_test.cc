#include "operator/kube/token_bucket.h"

#include "gtest/gtest.h"

namespace landwaiter::kube {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

TEST(TokenBucketTest, BurstIsFreeAndThenTheRateHolds) {
  TokenBucket bucket(10, 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(bucket.Take(kStart), absl::ZeroDuration());
  }
  EXPECT_EQ(bucket.Take(kStart), absl::Milliseconds(100));
  EXPECT_EQ(bucket.Take(kStart), absl::Milliseconds(200));
}

TEST(TokenBucketTest, RefillStopsAtTheBurst) {
  TokenBucket bucket(10, 2);
  EXPECT_TRUE(bucket.TryTake(kStart));
  const absl::Time later = kStart + absl::Hours(1);
  EXPECT_TRUE(bucket.TryTake(later));
  EXPECT_TRUE(bucket.TryTake(later));
  EXPECT_FALSE(bucket.TryTake(later));
}

TEST(TokenBucketTest, ClockThatStepsBackGivesNothing) {
  TokenBucket bucket(1, 1);
  EXPECT_TRUE(bucket.TryTake(kStart));
  EXPECT_FALSE(bucket.TryTake(kStart - absl::Hours(1)));
  EXPECT_FALSE(bucket.TryTake(kStart - absl::Hours(1)));
}

}  // namespace
}  // namespace landwaiter::kube
