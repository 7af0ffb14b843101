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
  const auto result =
      *Rematch(environment_, {.lookups = {{"eco", "one"}, {"eco", "absent"}}});
  EXPECT_EQ(result.images, 1u);
  EXPECT_EQ(result.changed, 1u);
  EXPECT_EQ(result.appeared, 1u);
  EXPECT_EQ(High(), 1u);
}

TEST_F(RematchTest, APackageOfThatNameElsewhereIsLeftAlone) {
  ScanTwo();
  detector_.also_bad = "one";
  EXPECT_EQ(Rematch(environment_, {.lookups = {{"other", "one"}}})->images, 0u);
}

TEST_F(RematchTest, WhatCameAndWentIsNotedWithTheDatabaseThatCausedIt) {
  ScanTwo();
  detector_.also_bad = "one";
  detector_.database = "v2";
  ASSERT_TRUE(Rematch(environment_, {.all = true}).ok());
  const auto affected = [&] {
    std::vector<store::NewlyAffected> list;
    EXPECT_TRUE(store_
                    ->Read([&](store::Transaction& txn) {
                      list = *txn.matches().NewlyAffectedSince(
                          absl::InfinitePast(), 10);
                      return absl::OkStatus();
                    })
                    .ok());
    return list;
  };
  ASSERT_EQ(affected().size(), 1u);
  EXPECT_EQ(affected()[0].finding, "CVE-one");
  EXPECT_EQ(affected()[0].images, 1u);
  detector_.also_bad.clear();
  const auto result = Rematch(environment_, {.findings = {"CVE-one"}});
  EXPECT_EQ(result->disappeared, 1u);
  EXPECT_TRUE(affected().empty());
}

TEST_F(RematchTest, AScanThatWasMatchedWithOlderAdvisoriesIsMatchedOnceMore) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m1"}}}});
  // The version grows while the first matching is under way.
  detector_.newer_after = 1;
  detector_.also_bad_later = "one";
  ASSERT_TRUE(Scan(Lease()[0], "m1", {"one"}).ok());
  EXPECT_EQ(High(), 1u);
}

TEST_F(RematchTest, AWithdrawnAdvisoryTakesItsFindingsAway) {
  detector_.also_bad = "one";
  ScanTwo();
  EXPECT_EQ(High(), 1u);
  detector_.also_bad.clear();
  EXPECT_EQ(Rematch(environment_, {.all = true})->changed, 1u);
  EXPECT_EQ(High(), 0u);
}

TEST_F(RematchTest, NothingChangesWithoutAChange) {
  ScanTwo();
  const auto result = *Rematch(environment_, {.all = true});
  EXPECT_EQ(result.images, 2u);
  EXPECT_EQ(result.changed, 0u);
}

TEST_F(RematchTest, ADetectorThatFailsLeavesTheFindings) {
  detector_.also_bad = "one";
  ScanTwo();
  detector_.status = absl::UnavailableError("loading");
  EXPECT_FALSE(Rematch(environment_, {.all = true}).ok());
  EXPECT_EQ(High(), 1u);
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
