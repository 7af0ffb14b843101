// What becomes of ScanTasks and ScanPolicies, through the whole operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "operator/api/names.h"
#include "operator/manager/operator_world.h"

namespace landwaiter::manager {
namespace {

using kube::Json;
using model::TaskPhase;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto& kTask = api::kScanTasks;
constexpr auto& kPolicy = api::kScanPolicies;

class TaskTest : public OperatorWorld, public testing::Test {
 protected:
  // The analyzer's spec of the ScanTask.
  model::TaskSpec SpecOf(const std::string& name) {
    const std::string uid = kube::UidOf(Get(kTask, name));
    EXPECT_TRUE(analyzer.tasks.contains(uid)) << name << " was not handed over";
    return analyzer.tasks[uid];
  }
  std::string Phase(const std::string& name) {
    return Get(kTask, name)["status"].value("phase", "");
  }
};
class PolicyTest : public TaskTest {};

TEST_F(TaskTest, EverythingOfTheNamespaceIsScannedFirst) {
  CreateConnectedRegistry();
  Create(kTask, "now", R"({"type": "ImageScan"})");
  const model::TaskSpec spec = SpecOf("now");
  EXPECT_EQ(spec.type, model::TaskType::kImageScan);
  EXPECT_THAT(spec.registries, SizeIs(1));
  EXPECT_TRUE(spec.interactive);
  EXPECT_EQ(Phase("now"), "Pending");
  EXPECT_EQ(Condition(kTask, "now", "Reconciling"), "True Pending");
}

TEST_F(TaskTest, StatusIsTheAnalyzers) {
  CreateConnectedRegistry();
  Create(kTask, "now", R"({"type": "ImageScan"})");
  model::TaskStatus status;
  status.phase = TaskPhase::kRunning;
  status.images = {.total = 10, .scanned = 3, .reused = 1};
  SetTask("now", status);
  EXPECT_EQ(Get(kTask, "now")["status"]["progress"], "4/10");
  EXPECT_EQ(Condition(kTask, "now", "Complete"), "False Running");

  status.phase = TaskPhase::kPartiallySucceeded;
  status.images = {.total = 10, .scanned = 8, .reused = 1, .failed = 1};
  status.failures = {
      {"harbor.example.com/a:1", {"NotFound", "", "gone", false}}};
  status.top = {{"CVE-1", model::Severity::kCritical, "openssl", "1.0", "1.1",
                 "harbor.example.com/a:2"}};
  status.completion = clock.Now();
  SetTask("now", status);
  const Json shown = Get(kTask, "now")["status"];
  EXPECT_EQ(shown["phase"], "PartiallySucceeded");
  EXPECT_EQ(shown["failures"][0]["code"], "NotFound");
  EXPECT_EQ(shown["top"][0]["installedVersion"], "1.0");
  EXPECT_EQ(Condition(kTask, "now", "Complete"), "True PartiallySucceeded");
  EXPECT_EQ(Condition(kTask, "now", "Failed"), "False PartiallySucceeded");
  EXPECT_EQ(Condition(kTask, "now", "Reconciling"), "-");
  EXPECT_TRUE(events.Has("PartiallySucceeded"));
}

TEST_F(TaskTest, ExactlyOneOfCompleteAndFailedBecomesTrue) {
  CreateConnectedRegistry();
  const std::pair<TaskPhase, bool> kEnds[] = {
      {TaskPhase::kSucceeded, true},
      {TaskPhase::kPartiallySucceeded, true},
      {TaskPhase::kFailed, false},
      {TaskPhase::kTimedOut, false},
      {TaskPhase::kCancelled, false}};
  for (const auto& [phase, complete] : kEnds) {
    const std::string name = "t" + std::to_string(static_cast<int>(phase));
    Create(kTask, name, R"({"type": "ImageScan"})");
    SetTask(name, {.phase = phase, .completion = clock.Now()});
    EXPECT_THAT(Condition(kTask, name, "Complete"),
                testing::StartsWith(complete ? "True" : "False"));
    EXPECT_THAT(Condition(kTask, name, "Failed"),
                testing::StartsWith(complete ? "False" : "True"));
  }
}

TEST_F(TaskTest, WritesAreTenSecondsApartButForTransitions) {
  CreateConnectedRegistry();
  Create(kTask, "now", R"({"type": "ImageScan"})");
  SetTask("now", {.phase = TaskPhase::kRunning, .images = {.total = 100}});
  kube.ClearRequests();
  for (uint64_t scanned = 1; scanned <= 50; ++scanned) {
    SetTask("now", {.phase = TaskPhase::kRunning,
                    .images = {.total = 100, .scanned = scanned}});
    Advance(absl::Milliseconds(400));  // 20 s in all
  }
  int writes = 0;
  for (const std::string& request : kube.requests()) {
    if (request == "update scantasks/status team/now") ++writes;
  }
  EXPECT_GE(writes, 1);
  EXPECT_LE(writes, 3);
  Advance(absl::Seconds(10));
  EXPECT_EQ(Get(kTask, "now")["status"]["progress"], "50/100");
}

TEST_F(TaskTest, EndedTaskNeverChangesAgain) {
  CreateConnectedRegistry();
  Create(kTask, "now", R"({"type": "ImageScan"})");
  SetTask("now", {.phase = TaskPhase::kSucceeded, .completion = clock.Now()});
  const Json before = Get(kTask, "now")["status"];
  analyzer.tasks.clear();  // and its database is lost
  Restart();
  Advance(absl::Minutes(5));
  EXPECT_EQ(Get(kTask, "now")["status"], before);
}

TEST_F(TaskTest, OtherTypesEndAsNotImplemented) {
  for (const char* type : {"AssetSync", "ImageFix"}) {
    Create(kTask, base::ToLower(type),
           std::string(R"({"type": ")") + type + R"("})");
    EXPECT_EQ(Phase(base::ToLower(type)), "Failed");
    EXPECT_EQ(Condition(kTask, base::ToLower(type), "Failed"),
              "True NotImplemented");
    EXPECT_EQ(Condition(kTask, base::ToLower(type), "Stalled"),
              "True NotImplemented");
  }
}

TEST_F(TaskTest, WhatPointsNowhereHealsWhenItAppears) {
  Create(kTask, "by-policy",
         R"({"type": "ImageScan", "policyRef": {"name": "nightly"}})");
  EXPECT_EQ(Condition(kTask, "by-policy", "Stalled"), "True PolicyNotFound");
  Create(kPolicy, "nightly", R"({"items": ["SystemVulnerabilities"],
         "timeout": "1h", "parallelism": 7,
         "scope": {"registries": {"names": ["harbor"]}}})");
  EXPECT_EQ(Condition(kTask, "by-policy", "Stalled"), "True RegistryNotFound");
  CreateConnectedRegistry();
  EXPECT_EQ(Condition(kTask, "by-policy", "Stalled"), "-");
  EXPECT_EQ(SpecOf("by-policy").timeout, absl::Hours(1));
  EXPECT_EQ(SpecOf("by-policy").parallelism, 7u);
}

TEST_F(TaskTest, WhatPointsNowhereForFourHoursEnds) {
  Create(kTask, "now", R"({"type": "ImageScan"})");
  EXPECT_EQ(Condition(kTask, "now", "Stalled"), "True NoRegistry");
  Advance(absl::Hours(4) + absl::Seconds(1));
  EXPECT_EQ(Phase("now"), "TimedOut");
  EXPECT_EQ(Condition(kTask, "now", "Failed"), "True TimedOut");
}

TEST_F(TaskTest, ImagesAreMatchedToRegistriesByHost) {
  CreateConnectedRegistry();
  Create(kTask, "one", R"({"type": "ImageScan",
         "images": ["Harbor.example.com/team-a/app:1.4"]})");
  EXPECT_THAT(SpecOf("one").scope.images,
              ElementsAre("harbor.example.com/team-a/app:1.4"));
  Create(kTask, "other", R"({"type": "ImageScan",
         "images": ["elsewhere.example.com/app:1"]})");
  EXPECT_EQ(Condition(kTask, "other", "Stalled"), "True RegistryNotFound");
}

TEST_F(TaskTest, RegistriesThatAreNotBuiltAreLeftOutAloud) {
  CreateConnectedRegistry();
  Create(api::kImageRegistries, "quay",
         R"({"type": "Unheard", "endpoint": {"url": "https://quay.io"},
             "clusterRef": {"name": "local"}})");
  Create(kTask, "all", R"({"type": "ImageScan"})");
  EXPECT_THAT(SpecOf("all").registries, SizeIs(1));
  EXPECT_THAT(Get(kTask, "all")["status"]["log"].dump(), HasSubstr("quay"));
  Create(kTask, "named", R"({"type": "ImageScan",
         "scope": {"registries": {"names": ["quay"]}}})");
  EXPECT_EQ(Condition(kTask, "named", "Failed"), "True NotImplemented");
}

TEST_F(TaskTest, AcrPersonalIsListedAndNeverScannedAndSaysSo) {
  CreateConnectedRegistry();
  Create(api::kImageRegistries, "personal",
         R"({"type": "ACR", "endpoint": {"url": "https://acr.example.com"},
             "acr": {"edition": "Personal"}, "clusterRef": {"name": "local"}})");
  Create(kTask, "all", R"({"type": "ImageScan"})");
  EXPECT_THAT(SpecOf("all").registries, SizeIs(1));
  EXPECT_THAT(Get(kTask, "all")["status"]["log"].dump(),
              HasSubstr("never scanned"));
  Create(kTask, "named", R"({"type": "ImageScan",
         "scope": {"registries": {"names": ["personal"]}}})");
  EXPECT_EQ(Condition(kTask, "named", "Failed"), "True NeverScanned");
  Create(kTask, "listed", R"({"type": "ImageSync",
         "scope": {"registries": {"names": ["personal"]}}})");
  EXPECT_THAT(SpecOf("listed").registries, SizeIs(1));
}

TEST_F(TaskTest, RegionIsALabelToSelectors) {
  CreateConnectedRegistry();
  Create(api::kImageRegistries, "far",
         R"({"type": "OCI", "endpoint": {"url": "https://far.example.com"},
             "region": "cn-hangzhou", "clusterRef": {"name": "local"}})");
  Create(kTask, "there", R"({"type": "ImageScan", "scope": {"registries":
         {"selector": {"matchLabels":
             {"landwaiter.dev/region": "cn-hangzhou"}}}}})");
  EXPECT_THAT(SpecOf("there").registries,
              ElementsAre(kube::UidOf(Get(api::kImageRegistries, "far"))));
  Create(kTask, "elsewhere", R"({"type": "ImageScan", "scope": {"registries":
         {"selector": {"matchExpressions": [{"key": "landwaiter.dev/region",
             "operator": "DoesNotExist"}]}}}})");
  EXPECT_THAT(SpecOf("elsewhere").registries,
              ElementsAre(kube::UidOf(Get(api::kImageRegistries, "harbor"))));
}

TEST_F(TaskTest, CancelEndsIt) {
  CreateConnectedRegistry();
  Create(kTask, "begun", R"({"type": "ImageScan"})");
  Change(kTask, "begun", R"({"spec": {"cancel": true}})");
  EXPECT_EQ(Phase("begun"), "Cancelled");
  Create(kTask, "stuck", R"({"type": "ImageScan",
         "policyRef": {"name": "none"}})");
  Change(kTask, "stuck", R"({"spec": {"cancel": true}})");
  EXPECT_EQ(Phase("stuck"), "Cancelled");
}

TEST_F(TaskTest, RetryNamesTheTaskOfTheAnalyzer) {
  CreateConnectedRegistry();
  const Json first = Create(kTask, "first", R"({"type": "ImageScan"})");
  Create(kTask, "again",
         R"({"type": "ImageScan", "retryOf": {"name": "first"}})");
  EXPECT_EQ(SpecOf("again").retry_of, kube::UidOf(first));
}

TEST_F(TaskTest, DeletedWhenItsTimeIsUpAndAtTheAnalyzerToo) {
  CreateConnectedRegistry();
  Create(kTask, "now", R"({"type": "ImageScan", "ttlAfterFinished": "1h"})");
  const std::string uid = kube::UidOf(Get(kTask, "now"));
  SetTask("now", {.phase = TaskPhase::kSucceeded, .completion = clock.Now()});
  Advance(absl::Minutes(59));
  EXPECT_TRUE(Exists(kTask, "now"));
  Advance(absl::Minutes(2));
  EXPECT_FALSE(Exists(kTask, "now"));
  EXPECT_FALSE(analyzer.tasks.contains(uid));
}

TEST_F(TaskTest, AnalyzerThatIsAwayIsWaitedFor) {
  CreateConnectedRegistry();
  analyzer.down = absl::UnavailableError("down");
  Create(kTask, "now", R"({"type": "ImageScan"})");
  EXPECT_EQ(Condition(kTask, "now", "Reconciling"), "True AnalyzerUnavailable");
  analyzer.down = absl::OkStatus();
  Advance(absl::Seconds(5));
  EXPECT_EQ(Condition(kTask, "now", "Reconciling"), "True Pending");
}

TEST_F(TaskTest, AnalyzerThatForgotATaskIsToldAgain) {
  CreateConnectedRegistry();
  Create(kTask, "now", R"({"type": "ImageScan"})");
  analyzer.tasks.clear();
  analyzer.registries.clear();
  TellChange(model::Change::Kind::kWork, "");
  EXPECT_EQ(SpecOf("now").name, "now");
  EXPECT_THAT(analyzer.registries, SizeIs(1));
}

TEST_F(PolicyTest, ScanIsStartedOnScheduleAndOnlyOnce) {
  CreateConnectedRegistry();
  const size_t before = Tasks().size();
  Create(kPolicy, "hourly", R"({"schedule": "0 * * * *",
         "items": ["SystemVulnerabilities"]})");
  EXPECT_EQ(Condition(kPolicy, "hourly", "Ready"), "True Scheduled");
  EXPECT_THAT(Tasks(), SizeIs(before));
  // The clock starts at 22:13:20.
  Advance(absl::Minutes(47));
  ASSERT_THAT(Tasks(), SizeIs(before + 1));
  Restart();
  Advance(absl::Minutes(1));
  EXPECT_THAT(Tasks(), SizeIs(before + 1));
  const Json status = Get(kPolicy, "hourly")["status"];
  EXPECT_EQ(status["lastScheduleTime"], "2023-11-14T23:00:00Z");
  EXPECT_EQ(status["nextScheduleTime"], "2023-11-15T00:00:00Z");
  const std::string name = status["activeTask"];
  EXPECT_FALSE(SpecOf(name).interactive);
  SetTask(name, {.phase = TaskPhase::kSucceeded,
                 .images = {.total = 5, .scanned = 5},
                 .completion = clock.Now()});
  EXPECT_EQ(Get(kPolicy, "hourly")["status"]["lastTask"]["scanned"], 5);
  EXPECT_FALSE(Get(kPolicy, "hourly")["status"].contains("activeTask"));
}

TEST_F(PolicyTest, ForbidWaitsForTheRunningScan) {
  CreateConnectedRegistry();
  Create(kPolicy, "hourly", R"({"schedule": "0 * * * *",
         "items": ["SystemVulnerabilities"],
         "startingDeadlineSeconds": 3000})");
  Advance(absl::Minutes(47));
  const size_t first = Tasks().size();
  const std::string name = Get(kPolicy, "hourly")["status"]["activeTask"];
  Advance(absl::Hours(1));
  EXPECT_EQ(Condition(kPolicy, "hourly", "Ready"), "True WaitingForActiveTask");
  EXPECT_THAT(Tasks(), SizeIs(first));
  SetTask(name, {.phase = TaskPhase::kSucceeded, .completion = clock.Now()});
  EXPECT_THAT(Tasks(), SizeIs(first + 1));
}

TEST_F(PolicyTest, ReplaceCancelsTheRunningScan) {
  CreateConnectedRegistry();
  Create(kPolicy, "hourly", R"({"schedule": "0 * * * *",
         "concurrencyPolicy": "Replace",
         "items": ["SystemVulnerabilities"]})");
  Advance(absl::Minutes(47));
  const std::string first = Get(kPolicy, "hourly")["status"]["activeTask"];
  Advance(absl::Hours(1));
  EXPECT_EQ(Phase(first), "Cancelled");
  EXPECT_NE(Get(kPolicy, "hourly")["status"]["activeTask"], first);
}

TEST_F(PolicyTest, ScanThatIsTooLateIsMissedAloud) {
  CreateConnectedRegistry();
  Create(kPolicy, "hourly", R"({"schedule": "0 * * * *",
         "startingDeadlineSeconds": 60,
         "items": ["SystemVulnerabilities"]})");
  const size_t before = Tasks().size();
  clock.Advance(absl::Minutes(55));  // nobody was there at 23:00
  Restart();
  EXPECT_THAT(Tasks(), SizeIs(before));
  EXPECT_TRUE(events.Has("ScheduleMissed"));
}

TEST_F(PolicyTest, HistoryIsKeptShort) {
  CreateConnectedRegistry();
  Create(kPolicy, "often", R"({"schedule": "*/10 * * * *", "historyLimit": 2,
         "items": ["SystemVulnerabilities"]})");
  for (int i = 0; i < 6; ++i) {
    Advance(absl::Minutes(10));
    SetTask(Get(kPolicy, "often")["status"]["activeTask"],
            {.phase = TaskPhase::kSucceeded, .completion = clock.Now()});
  }
  int kept = 0;
  for (const Json& task : Tasks()) {
    if (!kube::LabelOf(task, api::kPolicyUidLabel).empty()) ++kept;
  }
  EXPECT_EQ(kept, 2);
}

TEST_F(PolicyTest, ResultsPastRetentionGoButForTheNewestAndWhatPeopleMade) {
  CreateConnectedRegistry();
  Create(kPolicy, "hourly", R"({"schedule": "0 * * * *", "retention": "3h",
         "items": ["SystemVulnerabilities"]})");
  Create(kTask, "by-hand", R"({"type": "ImageScan",
         "ttlAfterFinished": "9999h", "policyRef": {"name": "hourly"}})");
  SetTask("by-hand",
          {.phase = TaskPhase::kSucceeded, .completion = clock.Now()});
  std::vector<std::string> made;
  for (int i = 0; i < 3; ++i) {
    Advance(absl::Hours(1));
    made.push_back(Get(kPolicy, "hourly")["status"]["activeTask"]);
    SetTask(made.back(),
            {.phase = TaskPhase::kSucceeded, .completion = clock.Now()});
  }
  const std::string uid = kube::UidOf(Get(kTask, made[0]));
  Change(kPolicy, "hourly", R"({"spec": {"suspend": true}})");
  Advance(absl::Minutes(50));
  EXPECT_TRUE(Exists(kTask, made[0]));
  Advance(absl::Minutes(20));
  EXPECT_FALSE(Exists(kTask, made[0]));
  EXPECT_FALSE(analyzer.tasks.contains(uid));
  EXPECT_TRUE(Exists(kTask, made[1]));
  Advance(absl::Hours(4));
  EXPECT_FALSE(Exists(kTask, made[1]));
  EXPECT_TRUE(Exists(kTask, made[2]));
  EXPECT_TRUE(Exists(kTask, "by-hand"));
}

TEST_F(PolicyTest, RetentionLeavesARunningScanAlone) {
  CreateConnectedRegistry();
  Create(kPolicy, "hourly", R"({"schedule": "0 * * * *", "retention": "1m",
         "items": ["SystemVulnerabilities"]})");
  Advance(absl::Hours(1));
  const std::string running = Get(kPolicy, "hourly")["status"]["activeTask"];
  Advance(absl::Minutes(30));
  EXPECT_TRUE(Exists(kTask, running));
}

TEST_F(PolicyTest, SuspendedPolicyStartsNothing) {
  Create(kPolicy, "hourly", R"({"schedule": "0 * * * *", "suspend": true,
         "items": ["SystemVulnerabilities"]})");
  Advance(absl::Hours(3));
  EXPECT_THAT(Tasks(), IsEmpty());
  EXPECT_EQ(Condition(kPolicy, "hourly", "Ready"), "False Suspended");
}

TEST_F(PolicyTest, ItemsThatDoNotRunAreNamedWithoutStalling) {
  CreateConnectedRegistry();
  Create(kPolicy, "all", R"({"items": ["SystemVulnerabilities", "Malware"]})");
  EXPECT_EQ(Condition(kPolicy, "all", "Ready"), "True Manual");
  EXPECT_EQ(Condition(kPolicy, "all", "ItemsAvailable"),
            "False NotImplemented");
  Create(kTask, "t", R"({"type": "ImageScan", "policyRef": {"name": "all"}})");
  EXPECT_THAT(Get(kTask, "t")["status"]["log"].dump(), HasSubstr("Malware"));
}

TEST_F(PolicyTest, WhatIsNotBuiltOrNotValidStalls) {
  Create(kPolicy, "fix", R"({"items": ["SystemVulnerabilities"],
         "fix": {"enabled": true}})");
  EXPECT_EQ(Condition(kPolicy, "fix", "Stalled"), "True NotImplemented");
  Create(kPolicy, "frozen", R"({"items": ["SystemVulnerabilities"],
         "scope": {"autoAddRepositories": false}})");
  EXPECT_EQ(Condition(kPolicy, "frozen", "Stalled"), "True NotImplemented");
  Create(kPolicy, "malware", R"({"items": ["Malware"]})");
  EXPECT_EQ(Condition(kPolicy, "malware", "Stalled"), "True NotImplemented");
  Create(kPolicy, "cron", R"({"items": ["SystemVulnerabilities"],
         "schedule": "61 * * * *"})");
  EXPECT_EQ(Condition(kPolicy, "cron", "Stalled"), "True InvalidSchedule");
  Create(kPolicy, "zone", R"({"items": ["SystemVulnerabilities"],
         "schedule": "0 * * * *", "timeZone": "Mars/Olympus"})");
  EXPECT_EQ(Condition(kPolicy, "zone", "Stalled"), "True InvalidSchedule");
}

TEST_F(PolicyTest, KindsThatAreNotBuiltSayIt) {
  Create(api::kScanQuotas, "default", R"({"images": 5})");
  EXPECT_EQ(Condition(api::kScanQuotas, "default", "Stalled"),
            "True NotImplemented");
  Create(api::kRiskExceptions, "e", R"({})");
  EXPECT_EQ(Condition(api::kRiskExceptions, "e", "Stalled"),
            "True NotImplemented");
}

}  // namespace
}  // namespace landwaiter::manager
