#include <gmock/gmock.h>

#include "analyzer/queue/queue_fixture.h"

// Tasks: what is listed, what becomes an item, and how they end.
namespace landwaiter::analyzer::queue {
namespace {

using model::TaskPhase;
using model::WorkKind;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TaskTest : public QueueTest {};

TEST_F(TaskTest, AnImageSyncListsRepositoriesThenTagsAndSucceeds) {
  ApplyRegistry("r");
  model::TaskSpec spec = ScanSpec("t");
  spec.type = model::TaskType::kImageSync;
  EXPECT_EQ(Apply(spec).phase, TaskPhase::kPending);
  List({{"app", {{"v1", "m1"}}}, {"base", {{"v1", "m2"}, {"v2", "m3"}}}});
  EXPECT_EQ(Task("t").phase, TaskPhase::kSucceeded);
  const auto status = *control_.GetRegistry(kTenant, "r");
  EXPECT_EQ(status.repositories, 2u);
  EXPECT_EQ(status.images, 3u);
  EXPECT_EQ(status.last_sync, clock_.Now());
}

TEST_F(TaskTest, AScanEndsWithWhatWasFound) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m"}}}});
  EXPECT_EQ(Task("t").phase, TaskPhase::kRunning);
  const auto items = Lease();
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].digest, D("m"));
  ASSERT_TRUE(Scan(items[0], "m", {"good", "bad-ssl"}).ok());
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.phase, TaskPhase::kSucceeded);
  EXPECT_EQ(status.images, (model::ImageCounts{.total = 1, .scanned = 1}));
  EXPECT_EQ(status.vulnerabilities.system.high, 1u);
  EXPECT_EQ(status.quota_consumed, 1u);
  ASSERT_THAT(status.top, SizeIs(1));
  EXPECT_EQ(status.top[0].id, "CVE-bad-ssl");
  EXPECT_EQ(status.top[0].image, "r.example/app:v1@" + D("m").text());
  EXPECT_EQ(status.completion, clock_.Now());
}

TEST_F(TaskTest, AnUnchangedImageIsReusedWithoutALease) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t1"), {{"app", {{"v1", "m"}}}});
  ASSERT_TRUE(Scan(Lease()[0], "m", {"bad-ssl"}).ok());
  StartScan(ScanSpec("t2"), {{"app", {{"v1", "m"}}}});
  const model::TaskStatus status = Task("t2");
  EXPECT_EQ(status.phase, TaskPhase::kSucceeded);
  EXPECT_EQ(status.images, (model::ImageCounts{.total = 1, .reused = 1}));
  EXPECT_EQ(status.vulnerabilities.system.high, 1u);
  EXPECT_EQ(status.quota_consumed, 0u);
  EXPECT_THAT(status.top, SizeIs(1));
}

TEST_F(TaskTest, ForceScansWhatIsUnchanged) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t1"), {{"app", {{"v1", "m"}}}});
  ASSERT_TRUE(Scan(Lease()[0], "m", {"l"}).ok());
  model::TaskSpec force = ScanSpec("t2");
  force.force = true;
  StartScan(force, {{"app", {{"v1", "m"}}}});
  const auto items = Lease();
  ASSERT_THAT(items, SizeIs(1));
  ASSERT_TRUE(Scan(items[0], "m", {"l"}).ok());
  EXPECT_EQ(Task("t2").images.scanned, 1u);
  EXPECT_EQ(Task("t2").quota_consumed, 0u);
}

TEST_F(TaskTest, AnImageThatAnotherTaskScannedMeanwhileIsReused) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t1"), {{"app", {{"v1", "m"}}}});
  StartScan(ScanSpec("t2"), {{"app", {{"v1", "m"}}}});
  const auto items = Lease();
  ASSERT_THAT(items, SizeIs(1)) << "one image, two agents at it";
  ASSERT_TRUE(Scan(items[0], "m", {"l"}).ok());
  EXPECT_THAT(Lease(), IsEmpty());
  EXPECT_EQ(Task("t2").images.reused, 1u);
  EXPECT_EQ(Task("t2").phase, TaskPhase::kSucceeded);
}

TEST_F(TaskTest, NoAdvisoryDataIsListedAndTheImageCountsAsScanned) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m"}}}});
  ASSERT_TRUE(Scan(Lease()[0], "m", {"unknown-os"}).ok());
  for (const char* task : {"t", "again"}) {
    if (std::string(task) == "again") {
      StartScan(ScanSpec(task), {{"app", {{"v1", "m"}}}});
    }
    const model::TaskStatus status = Task(task);
    EXPECT_EQ(status.phase, TaskPhase::kSucceeded);
    EXPECT_EQ(status.images.scanned + status.images.reused, 1u);
    ASSERT_THAT(status.failures, SizeIs(1)) << task;
    EXPECT_EQ(status.failures[0].failure.code, "NoAdvisoryData");
    EXPECT_FALSE(status.failures[0].failure.retryable);
  }
}

TEST_F(TaskTest, OneFailingImageLeavesTheOthers) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m1"}, {"v2", "m2"}}}});
  for (const model::WorkItem& item : Lease()) {
    if (item.digest == D("m1")) {
      ASSERT_TRUE(Fail(item, "CorruptLayer", false).ok());
    } else {
      ASSERT_TRUE(Scan(item, "m2", {"l"}).ok());
    }
  }
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.phase, TaskPhase::kPartiallySucceeded);
  EXPECT_EQ(status.images,
            (model::ImageCounts{.total = 2, .scanned = 1, .failed = 1}));
  ASSERT_THAT(status.failures, SizeIs(1));
  EXPECT_EQ(status.failures[0].failure.code, "CorruptLayer");
  EXPECT_EQ(status.failures[0].failure.message, "because");
}

TEST_F(TaskTest, NothingScannedIsAFailure) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m1"}}}});
  ASSERT_TRUE(Fail(Lease()[0], "CorruptLayer", false).ok());
  EXPECT_EQ(Task("t").phase, TaskPhase::kFailed);
}

TEST_F(TaskTest, AFailedListingFailsTheTask) {
  ApplyRegistry("r");
  Apply(ScanSpec("t"));
  ASSERT_TRUE(Fail(Lease()[0], "Unauthorized", false).ok());
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.phase, TaskPhase::kFailed);
  EXPECT_EQ(status.failures[0].image, "r.example");
  EXPECT_EQ(control_.GetRegistry(kTenant, "r")->last_sync,
            absl::InfinitePast());
}

TEST_F(TaskTest, AnEmptyScopeSucceedsWithNoScans) {
  ApplyRegistry("r");
  model::TaskSpec spec = ScanSpec("t");
  spec.scope.include = {"other/**"};
  StartScan(spec, {{"app", {{"v1", "m1"}}}});
  EXPECT_EQ(Task("t").phase, TaskPhase::kSucceeded);
  EXPECT_EQ(Task("t").images, model::ImageCounts{});
}

TEST_F(TaskTest, LiteralRepositoriesNeedNoCatalogue) {
  ApplyRegistry("r", 0, {"team/app"});
  Apply(ScanSpec("t"));
  const auto items = Lease();
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].kind, WorkKind::kListTags);
  EXPECT_EQ(items[0].repository, "team/app");
}

TEST_F(TaskTest, ADigestThatNoListingHasIsScannedDirectly) {
  ApplyRegistry("r");
  model::TaskSpec spec = ScanSpec("t");
  spec.scope.images = {"r.example/app@" + D("m").text()};
  EXPECT_EQ(Apply(spec).phase, TaskPhase::kRunning);
  const auto items = Lease();
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].kind, WorkKind::kScanImage);
  ASSERT_TRUE(Scan(items[0], "m", {"l"}).ok());
  EXPECT_EQ(Task("t").phase, TaskPhase::kSucceeded);
}

TEST_F(TaskTest, AnImageByTagListsItsRepositoryFirst) {
  ApplyRegistry("r");
  model::TaskSpec spec = ScanSpec("t");
  spec.scope.images = {"app:v2", "app:gone"};
  StartScan(spec, {{"app", {{"v1", "m1"}, {"v2", "m2"}}}});
  const auto items = Lease();
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].digest, D("m2"));
  ASSERT_TRUE(Scan(items[0], "m2", {"l"}).ok());
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.phase, TaskPhase::kPartiallySucceeded);
  EXPECT_EQ(status.failures[0].failure.code, "NotFound");
  EXPECT_EQ(status.failures[0].image, "app:gone");
}

TEST_F(TaskTest, AnImageThatIsNoReferenceIsRefused) {
  ApplyRegistry("r");
  model::TaskSpec spec = ScanSpec("t");
  spec.scope.images = {"app@sha256:short"};
  EXPECT_EQ(control_.ApplyTask(kTenant, spec).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(control_.GetTask(kTenant, "t").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(TaskTest, ARetryTakesOnlyWhatFailed) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t1"), {{"app", {{"v1", "m1"}, {"v2", "m2"}}}});
  for (const model::WorkItem& item : Lease()) {
    const bool first = item.digest == D("m1");
    ASSERT_TRUE(
        (first ? Fail(item, "CorruptLayer", false) : Scan(item, "m2", {"l"}))
            .ok());
  }
  model::TaskSpec retry = ScanSpec("t2");
  retry.retry_of = "t1";
  Apply(retry);
  const auto items = Lease();
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].digest, D("m1"));
  retry = ScanSpec("t3");
  retry.retry_of = "never";
  EXPECT_EQ(control_.ApplyTask(kTenant, retry).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(TaskTest, ApplyingATaskAgainStartsNothing) {
  ApplyRegistry("r");
  Apply(ScanSpec("t"));
  List({{"app", {{"v1", "m1"}}}});
  EXPECT_EQ(Apply(ScanSpec("t")).phase, TaskPhase::kRunning);
  EXPECT_THAT(Lease(), SizeIs(1));
  EXPECT_THAT(Lease(), IsEmpty());
}

TEST_F(TaskTest, ATaskWhoseAgentsNeverComeTimesOut) {
  ApplyRegistry("r");
  Apply(ScanSpec("t"));
  clock_.Advance(absl::Hours(4));
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.phase, TaskPhase::kTimedOut);
  EXPECT_EQ(Work().ready, 0u);
}

TEST_F(TaskTest, WhatIsNotScannedByTheDeadlineIsSkippedAndListed) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"),
            {{"app", {{"v1", "m1"}, {"v2", "m2"}, {"v3", "m3"}}}});
  auto items = Lease(2);
  ASSERT_THAT(items, SizeIs(2));
  const std::string manifest = items[0].digest == D("m1")   ? "m1"
                               : items[0].digest == D("m2") ? "m2"
                                                            : "m3";
  ASSERT_TRUE(Scan(items[0], manifest, {"l"}).ok());
  clock_.Advance(absl::Hours(4));
  ASSERT_TRUE(control_.Tick().ok());
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.phase, TaskPhase::kTimedOut);
  EXPECT_EQ(status.images,
            (model::ImageCounts{.total = 3, .scanned = 1, .skipped = 2}));
  ASSERT_THAT(status.failures, SizeIs(2));
  EXPECT_EQ(status.failures[0].failure.code, "DeadlineExceeded");
  EXPECT_EQ(Complete(items[1]).code(), absl::StatusCode::kAborted);
}

TEST_F(TaskTest, ACancelledTaskTakesItsLeasesBack) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m1"}, {"v2", "m2"}}}});
  const auto items = Lease(1);
  ASSERT_TRUE(control_.CancelTask(kTenant, "t").ok());
  EXPECT_EQ(Task("t").phase, TaskPhase::kCancelled);
  EXPECT_EQ(Task("t").images.skipped, 2u);
  const auto beat = queue_.Heartbeat(Agent(), {Ref(items[0])});
  ASSERT_TRUE(beat.ok());
  EXPECT_THAT(beat->lost, Contains(items[0].id));
  EXPECT_EQ(Complete(items[0]).code(), absl::StatusCode::kAborted);
  ASSERT_TRUE(control_.CancelTask(kTenant, "t").ok());
}

TEST_F(TaskTest, ADeletedTaskIsGone) {
  ApplyRegistry("r");
  Apply(ScanSpec("t"));
  ASSERT_TRUE(control_.DeleteTask(kTenant, "t").ok());
  EXPECT_EQ(control_.GetTask(kTenant, "t").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_TRUE(control_.DeleteTask(kTenant, "t").ok());
}

TEST_F(TaskTest, ResultsOfListedImagesOutliveTheirTask) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m1"}}}});
  ASSERT_TRUE(Scan(Lease(1)[0], "m1", {"bad1"}).ok());
  ASSERT_TRUE(control_.DeleteTask(kTenant, "t").ok());
  EXPECT_THAT(control_.ListFindings(kTenant, {.registry_uid = "r"})->findings,
              SizeIs(1));
}

TEST_F(TaskTest, AResultThatNoListingNamesGoesWithItsLastTask) {
  ApplyRegistry("r");
  const auto named = [](const std::string& uid) {
    model::TaskSpec spec = ScanSpec(uid);
    spec.scope.images = {"r.example/app@" + D("m9").text()};
    return spec;
  };
  Apply(named("t"));
  ASSERT_TRUE(Scan(Lease(1)[0], "m9", {"bad1"}).ok());
  EXPECT_EQ(Apply(named("again")).images.reused, 1u);
  ASSERT_TRUE(control_.DeleteTask(kTenant, "t").ok());
  EXPECT_THAT(control_.ListFindings(kTenant, {.registry_uid = "r"})->findings,
              SizeIs(1));
  ASSERT_TRUE(control_.DeleteTask(kTenant, "again").ok());
  EXPECT_THAT(control_.ListFindings(kTenant, {.registry_uid = "r"})->findings,
              IsEmpty());
  EXPECT_EQ(control_.GetRegistry(kTenant, "r")->vulnerabilities.system.high,
            0u);
}

TEST_F(TaskTest, DeletingARegistryEndsItsWorkAndNobodyElses) {
  ApplyRegistry("r");
  ApplyRegistry("other");
  model::TaskSpec both = ScanSpec("both");
  both.registries = {"r", "other"};
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m1"}}}});
  Apply(both);
  ASSERT_TRUE(control_.DeleteRegistry(kTenant, "r").ok());
  EXPECT_TRUE(model::IsTerminal(Task("t").phase));
  EXPECT_EQ(Task("t").images.skipped, 1u);
  EXPECT_FALSE(model::IsTerminal(Task("both").phase));
  EXPECT_THAT(Lease(1, "other"), SizeIs(1));
  EXPECT_EQ(control_.GetRegistry(kTenant, "r").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(queue_.Authorize(Agent("r")).code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(TaskTest, AnotherTenantSeesNothing) {
  ApplyRegistry("r");
  Apply(ScanSpec("t"));
  const model::Tenant other{"cluster-uid", "team-b"};
  EXPECT_EQ(control_.GetTask(other, "t").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(control_.ApplyTask(other, ScanSpec("t2")).status().code(),
            absl::StatusCode::kNotFound);
  model::AgentIdentity agent = Agent();
  agent.tenant = other;
  EXPECT_EQ(queue_.Lease(agent, {}).status().code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(TaskTest, TasksThatAreNotBuiltAreRefused) {
  ApplyRegistry("r");
  model::TaskSpec spec = ScanSpec("t");
  spec.type = model::TaskType::kImageFix;
  EXPECT_EQ(control_.ApplyTask(kTenant, spec).status().code(),
            absl::StatusCode::kUnimplemented);
}

TEST_F(TaskTest, ObserversAreToldOfTaskRegistryAndWork) {
  ApplyRegistry("r");
  observer_.changes.clear();
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m"}}}});
  ASSERT_TRUE(Scan(Lease()[0], "m", {"l"}).ok());
  using Kind = model::Change::Kind;
  EXPECT_THAT(observer_.changes,
              Contains(model::Change{Kind::kTask, kTenant, "t"}));
  EXPECT_THAT(observer_.changes,
              Contains(model::Change{Kind::kRegistry, kTenant, "r"}));
  EXPECT_THAT(observer_.changes,
              Contains(model::Change{Kind::kWork, kTenant, "r"}));
}

TEST_F(TaskTest, StatusIsBoundedHoweverManyImagesFail) {
  ApplyRegistry("r");
  Catalog catalog;
  for (int i = 0; i < 60; ++i) {
    catalog["app"]["v" + std::to_string(i)] = "m" + std::to_string(i);
  }
  StartScan(ScanSpec("t"), catalog);
  while (true) {
    const auto items = Lease();
    if (items.empty()) break;
    for (const auto& item : items) {
      ASSERT_TRUE(Fail(item, "CorruptLayer", false).ok());
    }
  }
  const model::TaskStatus status = Task("t");
  EXPECT_EQ(status.images.failed, 60u);
  EXPECT_THAT(status.failures, SizeIs(20));
  EXPECT_EQ(status.failures_omitted, 40u);
  EXPECT_THAT(status.log, SizeIs(50));
}

TEST_F(TaskTest, FindingsArePaged) {
  ApplyRegistry("r");
  StartScan(ScanSpec("t"), {{"app", {{"v1", "m"}}}});
  ASSERT_TRUE(Scan(Lease()[0], "m", {"bad-a", "bad-b"}).ok());
  FindingsQuery query{.registry_uid = "r", .page_size = 1};
  auto page = *control_.ListFindings(kTenant, query);
  ASSERT_THAT(page.findings, SizeIs(1));
  EXPECT_EQ(page.findings[0].finding.package, "bad-a");
  query.page_token = page.next_page_token;
  page = *control_.ListFindings(kTenant, query);
  ASSERT_THAT(page.findings, SizeIs(1));
  EXPECT_EQ(page.findings[0].finding.package, "bad-b");
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
