#include "analyzer/queue/rematch.h"

#include <gmock/gmock.h>

#include "analyzer/queue/queue_fixture.h"

namespace landwaiter::analyzer::queue {
namespace {

class RematchTest : public QueueTest {
 protected:
  // Images app:v1 with package "one", app:v2 with "two".
  void ScanTwo() {
    ApplyRegistry("r");
    StartScan(ScanSpec("t"), {{"app", {{"v1", "m1"}, {"v2", "m2"}}}});
    for (const model::WorkItem& item : Lease()) {
      const bool first = item.digest == D("m1");
      ASSERT_TRUE(
          Scan(item, first ? "m1" : "m2", {first ? "one" : "two"}).ok());
    }
  }
  uint64_t High() {
    return control_.GetRegistry(kTenant, "r")->vulnerabilities.system.high;
  }
};

TEST_F(RematchTest, ANewAdvisoryReachesTheImagesThatHoldThePackage) {
  ScanTwo();
  EXPECT_EQ(High(), 0u);
  detector_.also_bad = "one";
  const auto result = *Rematch(environment_, {"one", "absent"});
  EXPECT_EQ(result.images, 1u);
  EXPECT_EQ(result.changed, 1u);
  EXPECT_EQ(High(), 1u);
}

TEST_F(RematchTest, AWithdrawnAdvisoryTakesItsFindingsAway) {
  detector_.also_bad = "one";
  ScanTwo();
  EXPECT_EQ(High(), 1u);
  detector_.also_bad.clear();
  EXPECT_EQ(RematchAll(environment_)->changed, 1u);
  EXPECT_EQ(High(), 0u);
}

TEST_F(RematchTest, NothingChangesWithoutAChange) {
  ScanTwo();
  const auto result = *RematchAll(environment_);
  EXPECT_EQ(result.images, 2u);
  EXPECT_EQ(result.changed, 0u);
}

TEST_F(RematchTest, ADetectorThatFailsLeavesTheFindings) {
  detector_.also_bad = "one";
  ScanTwo();
  detector_.status = absl::UnavailableError("loading");
  EXPECT_FALSE(RematchAll(environment_).ok());
  EXPECT_EQ(High(), 1u);
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
