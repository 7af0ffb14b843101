#include <gmock/gmock.h>

#include "analyzer/queue/queue_fixture.h"

// Listings: pages, cursors, and what need not be listed again.
namespace landwaiter::analyzer::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ListingTest : public QueueTest {};

TEST_F(ListingTest, AListingGoesOnAtItsCursorAndForgetsOnlyWhenComplete) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t1"), {{"app", {}}, {"base", {}}, {"web", {}}});
  Apply(ScanSpec("t2"));
  auto items = Lease(1);
  ASSERT_TRUE(queue_
                  .SubmitListing(Agent(), Ref(items[0]),
                                 {.repositories = {"app"}, .next_cursor = "2"})
                  .ok());
  EXPECT_EQ(Complete(items[0]).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(control_.GetRegistry(kTenant, "r")->repositories, 3u);
  clock_.Advance(absl::Minutes(1));
  items = Lease(1);
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].cursor, "2");
  ASSERT_TRUE(queue_
                  .SubmitListing(Agent(), Ref(items[0]),
                                 {.repositories = {"base"}, .complete = true})
                  .ok());
  EXPECT_EQ(control_.GetRegistry(kTenant, "r")->repositories, 2u);
  EXPECT_TRUE(Complete(items[0]).ok());
}

TEST_F(ListingTest, AListingIsCompleteOnlyWithEveryManifest) {
  ApplyRegistry("r", 0, {"app"});
  Apply(ScanSpec("t"));
  const auto items = Lease();
  const model::ListingPage tags{.tags = {{"v1", D("m1")}}, .complete = true};
  EXPECT_THAT(queue_.SubmitListing(Agent(), Ref(items[0]), tags)->unknown,
              ElementsAre(D("m1")));
  EXPECT_EQ(Complete(items[0]).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(
      queue_
          .SubmitListing(Agent(), Ref(items[0]),
                         {.manifests = {{.digest = D("m1")}}, .complete = true})
          ->unknown,
      IsEmpty());
  EXPECT_TRUE(Complete(items[0]).ok());
  EXPECT_THAT(Lease(), SizeIs(1));
}

// What a registry with one repository says of it, and whether the repository
// was then listed; if so, it holds `tags`.
class RepositoryStateTest : public QueueTest {
 protected:
  bool Listed(const model::TaskSpec& task, const std::string& state,
              bool whole = true) {
    Apply(task);
    const auto all = Lease(1);
    EXPECT_THAT(all, SizeIs(1));
    EXPECT_TRUE(queue_
                    .SubmitListing(Agent(), Ref(all[0]),
                                   {.repositories = {"app"},
                                    .repository_states = {{"app", state}},
                                    .complete = true})
                    .ok());
    EXPECT_TRUE(Complete(all[0]).ok());
    const auto items = Lease(1);
    if (items.empty() || items[0].kind != model::WorkKind::kListTags) {
      return false;
    }
    if (whole) {
      EXPECT_TRUE(queue_
                      .SubmitListing(Agent(), Ref(items[0]),
                                     {.tags = {{"v1", D("m1")}},
                                      .manifests = {{.digest = D("m1")}},
                                      .complete = true})
                      .ok());
      EXPECT_TRUE(Complete(items[0]).ok());
    } else {
      EXPECT_TRUE(control_.CancelTask(kTenant, task.uid).ok());
    }
    return true;
  }
  static model::TaskSpec Sync(const std::string& uid) {
    model::TaskSpec spec = ScanSpec(uid);
    spec.type = model::TaskType::kImageSync;
    return spec;
  }
};

TEST_F(RepositoryStateTest, WhatHasNotChangedIsNotListedAgain) {
  ApplyRegistry("r");
  EXPECT_TRUE(Listed(Sync("t1"), "s1"));
  EXPECT_FALSE(Listed(Sync("t2"), "s1"));
  EXPECT_EQ(Task("t2").phase, model::TaskPhase::kSucceeded);
  EXPECT_EQ(control_.GetRegistry(kTenant, "r")->images, 1u);
  EXPECT_TRUE(Listed(Sync("t3"), "s2"));
}

TEST_F(RepositoryStateTest, ImagesOfAnUnchangedRepositoryAreScanned) {
  ApplyRegistry("r");
  EXPECT_TRUE(Listed(Sync("t1"), "s1"));
  EXPECT_FALSE(Listed(ScanSpec("t2"), "s1"));
  EXPECT_EQ(Task("t2").images.total, 1u);
}

TEST_F(RepositoryStateTest, NothingSaidIsNothingKnown) {
  ApplyRegistry("r");
  EXPECT_TRUE(Listed(Sync("t1"), ""));
  EXPECT_TRUE(Listed(Sync("t2"), ""));
}

TEST_F(RepositoryStateTest, AListingThatBrokeOffProvesNothing) {
  ApplyRegistry("r");
  EXPECT_TRUE(Listed(Sync("t1"), "s1", /*whole=*/false));
  EXPECT_TRUE(Listed(Sync("t2"), "s1"));
}

TEST_F(RepositoryStateTest, ForceAndADayLaterListAnyway) {
  ApplyRegistry("r");
  EXPECT_TRUE(Listed(Sync("t1"), "s1"));
  model::TaskSpec forced = Sync("t2");
  forced.force = true;
  EXPECT_TRUE(Listed(forced, "s1"));
  clock_.Advance(absl::Hours(25));
  EXPECT_TRUE(Listed(Sync("t3"), "s1"));
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
