#include "analyzer/service/advisories.h"

#include <gtest/gtest.h>

#include <deque>

#include "analyzer/queue/queue_fixture.h"

namespace landwaiter::analyzer::service {
namespace {

using queue::D;

class QueuedSource : public AdvisorySource {
 public:
  absl::StatusOr<std::optional<AdvisoryUpdate>> Refresh() override {
    if (updates.empty()) return std::nullopt;
    AdvisoryUpdate next = updates.front();
    updates.pop_front();
    return next;
  }
  std::deque<AdvisoryUpdate> updates;
};

class AdvisoriesTest : public queue::QueueTest {
 protected:
  void ScanOne() {
    ApplyRegistry("r");
    StartScan(ScanSpec("t"), {{"app", {{"v1", "m"}}}});
    ASSERT_TRUE(Scan(Lease()[0], "m", {"one"}).ok());
  }
  static std::shared_ptr<queue::FakeDetector> Bad(const std::string& package) {
    auto detector = std::make_shared<queue::FakeDetector>();
    detector->also_bad = package;
    return detector;
  }
  uint64_t High() {
    return control_.GetRegistry(queue::kTenant, "r")
        ->vulnerabilities.system.high;
  }

  QueuedSource source_;
  CurrentDetector current_;
  queue::Environment live_{.store = *store_,
                           .clock = clock_,
                           .failpoints = failpoints_,
                           .observer = observer_,
                           .detector = current_,
                           .options = {}};
  AdvisoryUpdater updater_{source_, current_, live_};
};

TEST_F(AdvisoriesTest, WithoutAdvisoriesNothingIsDetected) {
  EXPECT_EQ(current_.Detect({}).status().code(),
            absl::StatusCode::kUnavailable);
  ASSERT_TRUE(updater_.Update().ok());
  EXPECT_EQ(current_.Detect({}).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(AdvisoriesTest, NewAdvisoriesReachStoredImages) {
  ScanOne();
  source_.updates = {{.detector = Bad("one"),
                      .version = "1",
                      .changed = {{.lookups = {{"eco", "one"}}}}}};
  ASSERT_TRUE(updater_.Update().ok());
  EXPECT_EQ(High(), 1u);
  EXPECT_TRUE(current_.Detect({}).ok());
  EXPECT_EQ(updater_.Report().result.changed, 1u);
  EXPECT_EQ(updater_.Report().result.appeared, 1u);
}

TEST_F(AdvisoriesTest, AnUpdateOfUnknownReachMatchesAll) {
  ScanOne();
  source_.updates = {{.detector = Bad("one"), .version = "1"}};
  ASSERT_TRUE(updater_.Update().ok());
  EXPECT_EQ(High(), 1u);
}

TEST_F(AdvisoriesTest, ARestartMatchesNothingAgain) {
  ScanOne();
  source_.updates = {{.detector = Bad("one"), .version = "1"}};
  ASSERT_TRUE(updater_.Update().ok());
  // That the same version would now say otherwise shows whether it is asked.
  source_.updates = {{.detector = Bad("none"), .version = "1"}};
  AdvisoryUpdater restarted(source_, current_, live_);
  ASSERT_TRUE(restarted.Update().ok());
  EXPECT_EQ(High(), 1u);
  source_.updates = {{.detector = Bad("none"), .version = "2"}};
  AdvisoryUpdater another(source_, current_, live_);
  ASSERT_TRUE(another.Update().ok());
  EXPECT_EQ(High(), 0u);
}

TEST_F(AdvisoriesTest, OnlyImagesThatHoldAChangedPackageAreMatchedAgain) {
  ScanOne();
  source_.updates = {{.detector = Bad("none"), .version = "1"},
                     {.detector = Bad("one"),
                      .version = "2",
                      .changed = {{.lookups = {{"eco", "another"}}}}},
                     {.detector = Bad("one"),
                      .version = "3",
                      .changed = {{.lookups = {{"eco", "one"}}}}}};
  ASSERT_TRUE(updater_.Update().ok());
  ASSERT_TRUE(updater_.Update().ok());
  EXPECT_EQ(High(), 0u);
  ASSERT_TRUE(updater_.Update().ok());
  EXPECT_EQ(High(), 1u);
}

TEST_F(AdvisoriesTest, WhatWasScannedWithoutAdvisoriesIsMatchedLater) {
  source_.updates = {{.detector = Bad("one"), .version = "1"}};
  ASSERT_TRUE(updater_.Update().ok());
  CurrentDetector fresh;
  AdvisoryUpdater restarted(source_, fresh, live_);
  ASSERT_TRUE(restarted.UseWithoutAdvisories(Bad("none")).ok());
  ScanOne();
  source_.updates = {{.detector = Bad("one"), .version = "1"}};
  ASSERT_TRUE(restarted.Update().ok());
  // `live_` detects with `current_`, which has the advisories.
  EXPECT_EQ(High(), 1u);
}

TEST_F(AdvisoriesTest, WhatFailedIsMatchedNextTime) {
  ScanOne();
  source_.updates = {{.detector = Bad("one"),
                      .version = "1",
                      .changed = {{.lookups = {{"eco", "one"}}}}}};
  failpoints_.fail["analyzer/before-commit"] = 1;
  EXPECT_FALSE(updater_.Update().ok());
  EXPECT_EQ(High(), 0u);
  EXPECT_TRUE(updater_.Update().ok());
  EXPECT_EQ(High(), 1u);
}

}  // namespace
}  // namespace landwaiter::analyzer::service
