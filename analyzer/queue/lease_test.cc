#include <gmock/gmock.h>

#include "analyzer/queue/queue_fixture.h"

// Leases, fences, tries, budget and layers.
namespace landwaiter::analyzer::queue {
namespace {

using model::LayerAction;
using model::TaskPhase;
using model::WorkKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LeaseTest : public QueueTest {
 protected:
  void StartImages(int count, model::TaskSpec spec = ScanSpec("t")) {
    Catalog catalog;
    for (int i = 0; i < count; ++i) {
      catalog["app"]["v" + std::to_string(i)] = "m" + std::to_string(i);
    }
    StartScan(spec, catalog);
  }
};

TEST_F(LeaseTest, AnItemIsGrantedOnce) {
  ApplyRegistry("r");
  StartImages(1);
  EXPECT_THAT(Lease(), SizeIs(1));
  EXPECT_THAT(Lease(), IsEmpty());
}

TEST_F(LeaseTest, ALeaseThatIsNotBeatenRunsOutAndItsFenceIsStale) {
  ApplyRegistry("r");
  StartImages(1);
  const auto first = Lease();
  clock_.Advance(absl::Seconds(60));
  const auto second = Lease();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].id, first[0].id);
  EXPECT_GT(second[0].fence, first[0].fence);
  EXPECT_EQ(second[0].attempt, 2u);
  EXPECT_EQ(Scan(first[0], "m0", {"l"}).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(queue_.SubmitLayer(Agent(), Ref(first[0]), Report("l")).code(),
            absl::StatusCode::kAborted);
  EXPECT_EQ(Complete(first[0]).code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(Scan(second[0], "m0", {"l"}).ok());
}

TEST_F(LeaseTest, AnExpiredLeaseIsStaleEvenIfNobodyTookTheItem) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  clock_.Advance(absl::Seconds(60));
  EXPECT_EQ(Scan(items[0], "m0", {"l"}).code(), absl::StatusCode::kAborted);
}

TEST_F(LeaseTest, HeartbeatsKeepALease) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  for (int i = 0; i < 10; ++i) {
    clock_.Advance(absl::Seconds(20));
    const auto reply = queue_.Heartbeat(Agent(), {Ref(items[0])});
    ASSERT_TRUE(reply.ok());
    EXPECT_THAT(reply->lost, IsEmpty());
  }
  EXPECT_TRUE(Scan(items[0], "m0", {"l"}).ok());
  const auto after = queue_.Heartbeat(Agent(), {Ref(items[0])});
  EXPECT_THAT(after->lost, ElementsAre(items[0].id));
}

TEST_F(LeaseTest, AFenceOfAnotherEpochIsStale) {
  ApplyRegistry("r");
  StartImages(1);
  auto items = Lease();
  items[0].fence.epoch += 1;
  EXPECT_EQ(Scan(items[0], "m0", {"l"}).code(), absl::StatusCode::kAborted);
}

TEST_F(LeaseTest, ARepeatedCompletionIsAnsweredAsTheFirstAndCountsOnce) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  ASSERT_TRUE(Scan(items[0], "m0", {"l"}).ok());
  EXPECT_TRUE(Complete(items[0]).ok());
  EXPECT_EQ(Task("t").images.scanned, 1u);
}

TEST_F(LeaseTest, ARepeatedFailureCountsOneTry) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(Fail(items[0], "NetworkError", true).ok());
  }
  EXPECT_FALSE(model::IsTerminal(Task("t").phase));
}

TEST_F(LeaseTest, SuccessNeedsEveryLayer) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  EXPECT_EQ(Complete(items[0]).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(
      queue_.PlanImage(Agent(), Ref(items[0]), Facts("m0", {"a", "b"})).ok());
  ASSERT_TRUE(queue_.SubmitLayer(Agent(), Ref(items[0]), Report("a")).ok());
  EXPECT_EQ(Complete(items[0]).code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(queue_.SubmitLayer(Agent(), Ref(items[0]), Report("b")).ok());
  EXPECT_TRUE(Complete(items[0]).ok());
}

TEST_F(LeaseTest, AFailureThatMayPassIsTriedThreeTimesWithGrowingWaits) {
  ApplyRegistry("r");
  StartImages(1);
  absl::Duration last = absl::ZeroDuration();
  for (int attempt = 1; attempt <= 3; ++attempt) {
    auto items = Lease();
    ASSERT_THAT(items, SizeIs(1)) << attempt;
    ASSERT_TRUE(Fail(items[0], "NetworkError", true).ok());
    if (attempt == 3) break;
    EXPECT_THAT(Lease(), IsEmpty());
    const absl::Duration wait = Work().next_available - clock_.Now();
    EXPECT_GT(wait, absl::Seconds(2));
    EXPECT_GE(wait * 2, last);
    last = wait;
    clock_.Advance(wait);
  }
  EXPECT_EQ(Task("t").phase, TaskPhase::kFailed);
  EXPECT_EQ(Task("t").failures[0].failure.code, "NetworkError");
}

TEST_F(LeaseTest, RetryAfterOfARateLimitPausesTheWholeRegistry) {
  ApplyRegistry("r");
  StartImages(2);
  const auto items = Lease(1);
  ASSERT_TRUE(Fail(items[0], "RateLimited", true, absl::Minutes(10)).ok());
  EXPECT_THAT(Lease(), IsEmpty());
  EXPECT_EQ(Work().ready, 0u);
  EXPECT_EQ(Work().next_available, clock_.Now() + absl::Minutes(10));
  clock_.Advance(absl::Minutes(10));
  EXPECT_THAT(Lease(), SizeIs(2));
}

TEST_F(LeaseTest, AnItemWhoseAgentsKeepDyingIsGivenUp) {
  ApplyRegistry("r");
  StartImages(1);
  for (uint32_t i = 0; i < environment_.options.max_losses; ++i) {
    ASSERT_THAT(Lease(), SizeIs(1));
    clock_.Advance(absl::Seconds(60));
  }
  EXPECT_EQ(Task("t").phase, TaskPhase::kFailed);
  EXPECT_EQ(Task("t").failures[0].failure.cause, "LeaseLost");
}

TEST_F(LeaseTest, TheBudgetIsARollingHourSharedByAllTasks) {
  ApplyRegistry("r", /*images_per_hour=*/3);
  StartImages(2);
  model::TaskSpec other = ScanSpec("t2");
  other.scope.include = {"base"};
  const absl::Time start = clock_.Now();
  EXPECT_THAT(Lease(1), SizeIs(1));
  clock_.Advance(absl::Minutes(10));
  EXPECT_THAT(Lease(), SizeIs(2)) << "one item again, whose lease ran out";
  EXPECT_EQ(control_.GetRegistry(kTenant, "r")->used_in_window, 3u);
  clock_.Advance(absl::Minutes(5));
  const auto reply = queue_.Lease(Agent(), {.max_items = 5});
  ASSERT_TRUE(reply.ok());
  EXPECT_THAT(reply->items, IsEmpty());
  EXPECT_EQ(reply->next_available, start + absl::Hours(1));
  EXPECT_EQ(Work().next_available, start + absl::Hours(1));
  clock_.Advance(absl::Minutes(45));
  EXPECT_THAT(Lease(), SizeIs(1));
}

TEST_F(LeaseTest, ListingsAreFree) {
  ApplyRegistry("r", /*images_per_hour=*/1);
  StartImages(1);
  EXPECT_EQ(control_.GetRegistry(kTenant, "r")->used_in_window, 0u);
}

TEST_F(LeaseTest, ParallelismBoundsTheLeasesOfATask) {
  ApplyRegistry("r");
  model::TaskSpec spec = ScanSpec("t");
  spec.parallelism = 2;
  StartImages(5, spec);
  EXPECT_EQ(Work().ready, 2u);
  const auto items = Lease();
  EXPECT_THAT(items, SizeIs(2));
  EXPECT_EQ(Work().ready, 0u);
  EXPECT_EQ(Work().leased, 2u);
  ASSERT_TRUE(Fail(items[0], "CorruptLayer", false).ok());
  EXPECT_THAT(Lease(), SizeIs(1));
}

TEST_F(LeaseTest, InteractiveWorkGoesFirst) {
  ApplyRegistry("r");
  StartScan(ScanSpec("periodic"), {{"app", {{"v1", "m1"}}}});
  model::TaskSpec now = ScanSpec("now");
  now.interactive = true;
  now.scope.images = {"app@" + D("m2").text()};
  Apply(now);
  EXPECT_EQ(Lease(1)[0].digest, D("m2"));
}

TEST_F(LeaseTest, NeverScannedGoesBeforeTheOldestScan) {
  ApplyRegistry("r");
  const auto scan_now = [&](const std::string& task, const std::string& m) {
    model::TaskSpec spec = ScanSpec(task);
    spec.scope.images = {"app@" + D(m).text()};
    Apply(spec);
    ASSERT_TRUE(Scan(Lease(1)[0], m, {"l"}).ok());
    clock_.Advance(absl::Minutes(1));
  };
  scan_now("a", "m1");
  scan_now("b", "m0");
  model::TaskSpec all = ScanSpec("all");
  all.force = true;
  StartImages(3, all);
  std::vector<model::Digest> order;
  for (const auto& item : Lease()) order.push_back(item.digest);
  EXPECT_THAT(order, ElementsAre(D("m2"), D("m1"), D("m0")));
}

TEST_F(LeaseTest, AgentsOfAnotherReleaseGetOnlyListings) {
  ApplyRegistry("r");
  StartImages(1);
  const auto reply = queue_.Lease(Agent(), {.report_version = 999});
  ASSERT_TRUE(reply.ok());
  EXPECT_THAT(reply->items, IsEmpty());
  EXPECT_THAT(queue_.Lease(Agent(), {.kinds = {WorkKind::kListTags}})->items,
              IsEmpty());
}

TEST_F(LeaseTest, TheTokenOfAnotherRegistryWritesNothing) {
  ApplyRegistry("r");
  ApplyRegistry("other");
  StartImages(1);
  model::TaskSpec spec = ScanSpec("t2");
  spec.registries = {"other"};
  Apply(spec);
  const auto items = Lease();
  EXPECT_EQ(queue_.Complete(Agent("other"), Ref(items[0]), {}).code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(queue_.PlanImage(Agent("other"), Ref(items[0]), Facts("m0", {}))
                .status()
                .code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(queue_.Heartbeat(Agent("other"), {Ref(items[0])})->lost,
              ElementsAre(items[0].id));
}

TEST_F(LeaseTest, ATokenEndsShortlyAfterItsWork) {
  ApplyRegistry("r");
  EXPECT_EQ(queue_.Authorize(Agent()).code(),
            absl::StatusCode::kUnauthenticated);
  StartImages(1);
  ASSERT_TRUE(Scan(Lease()[0], "m0", {"l"}).ok());
  EXPECT_TRUE(queue_.Authorize(Agent()).ok());
  clock_.Advance(absl::Minutes(3));
  EXPECT_EQ(queue_.Authorize(Agent()).code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(queue_.Lease(Agent(), {}).status().code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(LeaseTest, AKnownLayerIsNotPulledAgain) {
  ApplyRegistry("r");
  StartImages(2);
  const auto items = Lease();
  ASSERT_THAT(items, SizeIs(2));
  ASSERT_TRUE(Scan(items[0], "m0", {"base", "app0"}).ok());
  const auto plan =
      queue_.PlanImage(Agent(), Ref(items[1]), Facts("m1", {"base", "app1"}));
  ASSERT_TRUE(plan.ok());
  EXPECT_THAT(plan->layers,
              ElementsAre(LayerAction::kKnown, LayerAction::kFetch));
}

TEST_F(LeaseTest, TwoLeasesNeverPullOneLayerAtOnce) {
  ApplyRegistry("r");
  StartImages(2);
  const auto items = Lease();
  const auto plan = [&](int i) {
    return queue_
        .PlanImage(Agent(), Ref(items[i]),
                   Facts("m" + std::to_string(i), {"base"}))
        ->layers[0];
  };
  EXPECT_EQ(plan(0), LayerAction::kFetch);
  EXPECT_EQ(plan(0), LayerAction::kFetch) << "asked again";
  EXPECT_EQ(plan(1), LayerAction::kElsewhere);
  // The first agent dies; its claim goes with its lease.
  clock_.Advance(absl::Seconds(40));
  ASSERT_TRUE(queue_.Heartbeat(Agent(), {Ref(items[1])}).ok());
  clock_.Advance(absl::Seconds(20));
  EXPECT_EQ(plan(1), LayerAction::kFetch);
}

TEST_F(LeaseTest, AFailedItemGivesItsClaimsBack) {
  ApplyRegistry("r");
  StartImages(2);
  const auto items = Lease();
  ASSERT_TRUE(
      queue_.PlanImage(Agent(), Ref(items[0]), Facts("m0", {"base"})).ok());
  ASSERT_TRUE(Fail(items[0], "NetworkError", true).ok());
  EXPECT_EQ(queue_.PlanImage(Agent(), Ref(items[1]), Facts("m1", {"base"}))
                ->layers[0],
            LayerAction::kFetch);
}

TEST_F(LeaseTest, ALayerThatOccursTwiceIsPulledOnce) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  EXPECT_THAT(
      queue_.PlanImage(Agent(), Ref(items[0]), Facts("m0", {"l", "l"}))->layers,
      ElementsAre(LayerAction::kFetch, LayerAction::kKnown));
}

TEST_F(LeaseTest, APlanIsForTheLeasedManifestAlone) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  EXPECT_EQ(queue_.PlanImage(Agent(), Ref(items[0]), Facts("other", {"l"}))
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(LeaseTest, AnImageThatTurnsOutToBeForWindowsIsUnsupported) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  model::ImageFacts facts = Facts("m0", {"l"});
  facts.config.platform.os = "windows";
  EXPECT_FALSE(queue_.PlanImage(Agent(), Ref(items[0]), facts).ok());
  ASSERT_TRUE(Fail(items[0], "UnsupportedPlatform", false).ok());
  EXPECT_EQ(Task("t").images,
            (model::ImageCounts{.total = 1, .unsupported = 1}));
  EXPECT_EQ(Task("t").phase, TaskPhase::kSucceeded);
}

TEST_F(LeaseTest, OnlyLayersOfTheLeasedImageAreTaken) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  ASSERT_TRUE(
      queue_.PlanImage(Agent(), Ref(items[0]), Facts("m0", {"l"})).ok());
  EXPECT_EQ(queue_.SubmitLayer(Agent(), Ref(items[0]), Report("x")).code(),
            absl::StatusCode::kInvalidArgument);
  model::LayerReport report = Report("l");
  report.diff_id = D("something else");
  EXPECT_EQ(queue_.SubmitLayer(Agent(), Ref(items[0]), report).code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(LeaseTest, ASecondReportThatDiffersSetsBothAside) {
  ApplyRegistry("r");
  StartImages(2);
  const auto items = Lease();
  ASSERT_TRUE(Scan(items[0], "m0", {"l"}).ok());
  ASSERT_TRUE(
      queue_.PlanImage(Agent(), Ref(items[1]), Facts("m1", {"l"})).ok());
  EXPECT_TRUE(queue_.SubmitLayer(Agent(), Ref(items[1]), Report("l")).ok())
      << "the same bytes again";
  model::LayerReport other = Report("l");
  other.entries = 7;
  EXPECT_FALSE(queue_.SubmitLayer(Agent(), Ref(items[1]), other).ok());
  EXPECT_FALSE(
      queue_.PlanImage(Agent(), Ref(items[1]), Facts("m1", {"l"})).ok());
  EXPECT_FALSE(Complete(items[1]).ok());
  // The image that used it counts as not scanned.
  StartImages(1, ScanSpec("t2"));
  EXPECT_EQ(Task("t2").images.reused, 0u);
}

TEST_F(LeaseTest, AFaultBeforeTheCommitLeavesNothing) {
  ApplyRegistry("r");
  StartImages(1);
  failpoints_.fail["analyzer/before-commit"] = 1;
  EXPECT_EQ(queue_.Lease(Agent(), {}).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(Work().leased, 0u);
  EXPECT_THAT(Lease(), SizeIs(1));
}

TEST_F(LeaseTest, ALostAnswerIsMadeGoodByAskingAgain) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  for (const char* point : {"analyzer/committed", "analyzer/layer-staged",
                            "analyzer/merged", "analyzer/matched"}) {
    failpoints_.fail[point] = 1;
  }
  absl::Status status;
  for (int i = 0; i < 8 && !(status = Scan(items[0], "m0", {"bad-l"})).ok();
       ++i) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  }
  // Plan is refused once the item is done; the completion itself stands.
  EXPECT_EQ(Task("t").images.scanned, 1u);
  EXPECT_EQ(Task("t").vulnerabilities.system.high, 1u);
}

TEST_F(LeaseTest, WhenAdvisoriesCannotBeReadTheItemIsKept) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  detector_.status = absl::UnavailableError("loading");
  EXPECT_EQ(Scan(items[0], "m0", {"l"}).code(), absl::StatusCode::kUnavailable);
  detector_.status = absl::OkStatus();
  EXPECT_TRUE(Complete(items[0]).ok());
}

TEST_F(LeaseTest, TheStoreOutlivesItsQueue) {
  ApplyRegistry("r");
  StartImages(1);
  const auto items = Lease();
  WorkQueue restarted(environment_);
  ASSERT_TRUE(
      restarted.PlanImage(Agent(), Ref(items[0]), Facts("m0", {"l"})).ok());
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
