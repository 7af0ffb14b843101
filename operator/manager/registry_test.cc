// What becomes of clusters and registries, through the whole operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/api/names.h"
#include "operator/manager/operator_world.h"

namespace landwaiter::manager {
namespace {

using kube::Json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr auto& kRegistry = api::kImageRegistries;
constexpr auto& kCluster = api::kRepositoryClusters;

class RegistryTest : public OperatorWorld, public testing::Test {};
class ClusterTest : public OperatorWorld, public testing::Test {};

TEST_F(ClusterTest, LocalClusterThatPermitsAllIsRunning) {
  CreateCluster();
  EXPECT_EQ(Condition(kCluster, "local", "Ready"), "True Running");
  EXPECT_EQ(Get(kCluster, "local")["status"]["phase"], "Running");
  EXPECT_TRUE(events.Has("Running"));
}

TEST_F(ClusterTest, MissingPermissionsAreNamed) {
  kube.Deny("create", "jobs");
  CreateCluster();
  EXPECT_EQ(Condition(kCluster, "local", "Ready"), "False PermissionsMissing");
  EXPECT_EQ(Condition(kCluster, "local", "Stalled"), "True PermissionsMissing");
  EXPECT_EQ(Get(kCluster, "local")["status"]["missingPermissions"],
            Json::array({"create jobs.batch in scans"}));
}

TEST_F(ClusterTest, AConnectorNeedsAnOperatorThatServesOne) {
  Create(kCluster, "far", R"({"connection": {"type": "Connector"}})");
  EXPECT_EQ(Condition(kCluster, "far", "Stalled"), "True NotImplemented");
}

TEST_F(ClusterTest, WhatTheConfigurationDoesNotAllowIsRefused) {
  Create(
      kCluster, "a",
      R"({"connection": {"type": "Local"}, "scanNamespace": "kube-system"})");
  EXPECT_EQ(Condition(kCluster, "a", "Stalled"), "True NamespaceNotAllowed");
  Create(kCluster, "b", R"({"connection": {"type": "Local"}, "podTemplate":
         {"priorityClassName": "system-node-critical"}})");
  EXPECT_EQ(Condition(kCluster, "b", "Stalled"),
            "True PriorityClassNotAllowed");
}

TEST_F(RegistryTest, VerifiedRegistryIsConnectedAndItsJobGone) {
  CreateConnectedRegistry();
  const Json status = Get(kRegistry, "harbor")["status"];
  EXPECT_EQ(status["phase"], "Connected");
  EXPECT_EQ(status["detectedVersion"], "V2");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Ready"), "True Verified");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Connected"), "True Verified");
  EXPECT_THAT(Jobs("verify"), IsEmpty());
  EXPECT_THAT(analyzer.registries, SizeIs(1));
  EXPECT_EQ(analyzer.registries.begin()->second.host, "harbor.example.com");
}

TEST_F(RegistryTest, JobIsStartedOnlyAfterItsSecretIsThere) {
  CreateSecret("account", "canary");
  CreateCluster();
  kube.FailBefore([](const kube::FakeRequest& request) {
    return request.verb == "create" && request.type == kube::kSecrets
               ? absl::UnavailableError("no")
               : absl::OkStatus();
  });
  CreateRegistry();
  ASSERT_THAT(Jobs("verify"), SizeIs(1));
  EXPECT_EQ(Jobs("verify")[0]["spec"]["suspend"], true);

  kube.FailBefore(nullptr);
  Advance(absl::Seconds(1));
  ASSERT_THAT(Jobs("verify"), SizeIs(1));
  const Json job = Jobs("verify")[0];
  EXPECT_EQ(job["spec"]["suspend"], false);
  const auto secrets = kube.List(kube::kSecrets, "scans", {});
  ASSERT_THAT(secrets->items, SizeIs(1));
  EXPECT_EQ(secrets->items[0]["metadata"]["ownerReferences"][0]["uid"],
            kube::UidOf(job));
}

TEST_F(RegistryTest, WrongPasswordIsNeverTriedAgainByItself) {
  CreateSecret("account", "canary");
  CreateCluster();
  CreateRegistry();
  FinishJob(Jobs("verify").at(0),
            R"({"ok": false, "code": "FailedToVerifyUsernameOrPwd",
                "message": "Username or password is invalid."})");
  const Json status = Get(kRegistry, "harbor")["status"];
  EXPECT_EQ(status["phase"], "Error");
  EXPECT_EQ(status["error"]["code"], "FailedToVerifyUsernameOrPwd");
  EXPECT_NE(status["error"]["solution"], "");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Stalled"),
            "True FailedToVerifyUsernameOrPwd");
  Advance(absl::Hours(48));
  EXPECT_THAT(Jobs("verify"), IsEmpty());

  // But at once when the password changes.
  ASSERT_TRUE(kube.Patch(kube::kSecrets, {"team", "account"},
                         {{"data", {{"password", "bmV3"}}}}, {})
                  .ok());
  Settle();
  EXPECT_THAT(Jobs("verify"), SizeIs(1));
}

TEST_F(RegistryTest, NetworkFaultIsTriedAgainWithBackOff) {
  CreateSecret("account", "canary");
  CreateCluster();
  CreateRegistry();
  const std::string failure =
      R"({"ok": false, "code": "NetworkConnectError", "cause": "Dns"})";
  FinishJob(Jobs("verify").at(0), failure);
  EXPECT_EQ(Condition(kRegistry, "harbor", "Reconciling"),
            "True NetworkConnectError");
  EXPECT_EQ(Get(kRegistry, "harbor")["status"]["error"]["cause"], "Dns");
  EXPECT_THAT(Jobs("verify"), IsEmpty());
  Advance(absl::Seconds(61));
  ASSERT_THAT(Jobs("verify"), SizeIs(1));
  FinishJob(Jobs("verify").at(0), failure);
  Advance(absl::Seconds(61));
  EXPECT_THAT(Jobs("verify"), IsEmpty());  // two minutes this time
  Advance(absl::Seconds(61));
  ASSERT_THAT(Jobs("verify"), SizeIs(1));
  FinishJob(Jobs("verify").at(0), R"({"ok": true})");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Ready"), "True Verified");
  EXPECT_FALSE(Get(kRegistry, "harbor")["status"].contains("error"));
}

TEST_F(RegistryTest, ImageThatCannotBePulledIsScanComponentMissing) {
  CreateSecret("account", "canary");
  CreateCluster();
  CreateRegistry();
  const Json job = Jobs("verify").at(0);
  Json pod = *kube.Create(
      kube::kPods,
      {{"metadata",
        {{"name", "p"},
         {"namespace", "scans"},
         {"labels", job["spec"]["template"]["metadata"]["labels"]},
         {"ownerReferences", Json::array({{{"uid", kube::UidOf(job)},
                                           {"kind", "Job"},
                                           {"apiVersion", "batch/v1"},
                                           {"name", kube::NameOf(job)}}})}}}});
  pod["status"] = Json::parse(R"({"phase": "Pending", "containerStatuses":
      [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}]})");
  ASSERT_TRUE(kube.UpdateStatus(kube::kPods, pod).ok());
  Settle();
  EXPECT_EQ(Get(kRegistry, "harbor")["status"]["error"]["code"],
            "ScanComponentMissing");
  EXPECT_EQ(Condition(kRegistry, "harbor", "ScanComponentAvailable"),
            "False ScanComponentMissing");
}

TEST_F(RegistryTest, MissingSecretHealsWhenItAppears) {
  CreateCluster();
  CreateRegistry();
  EXPECT_EQ(Condition(kRegistry, "harbor", "Stalled"), "True SecretNotFound");
  EXPECT_EQ(Get(kRegistry, "harbor")["status"]["phase"], "Pending");
  CreateSecret("account", "canary");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Reconciling"), "True Verifying");
  EXPECT_THAT(Jobs("verify"), SizeIs(1));
}

TEST_F(RegistryTest, MissingClusterHealsWhenItAppears) {
  CreateSecret("account", "canary");
  CreateRegistry();
  EXPECT_EQ(Condition(kRegistry, "harbor", "Stalled"), "True ClusterNotFound");
  EXPECT_EQ(Get(kRegistry, "harbor")["status"]["error"]["code"],
            "ClusterNotRunning");
  CreateCluster();
  EXPECT_THAT(Jobs("verify"), SizeIs(1));
  EXPECT_FALSE(Get(kRegistry, "harbor")["status"].contains("error"));
}

TEST_F(RegistryTest, OtherTypesSayThatTheyAreNotBuilt) {
  Create(kRegistry, "quay",
         R"({"type": "Unheard", "endpoint": {"url": "https://quay.io"},
             "clusterRef": {"name": "local"}})");
  EXPECT_EQ(Condition(kRegistry, "quay", "Stalled"), "True NotImplemented");
  EXPECT_TRUE(events.Has("NotImplemented"));
}

TEST_F(RegistryTest, ListedAtOnceThenOnTheInterval) {
  CreateConnectedRegistry();
  ASSERT_THAT(Tasks(), SizeIs(1));
  const Json first = Tasks()[0];
  EXPECT_EQ(first["spec"]["type"], "ImageSync");
  EXPECT_EQ(kube::LabelOf(first, api::kTriggerLabel), "interval");
  SetTask(kube::NameOf(first),
          {.phase = model::TaskPhase::kSucceeded, .completion = clock.Now()});
  analyzer.registry_status.begin()->second.last_sync = clock.Now();
  Advance(absl::Minutes(59));
  EXPECT_THAT(Tasks(), SizeIs(1));
  Advance(absl::Minutes(2));
  EXPECT_THAT(Tasks(), SizeIs(2));
}

class BrokenWhileConnectedTest : public RegistryTest {
 protected:
  BrokenWhileConnectedTest() {
    CreateConnectedRegistry();
    analyzer.registry_status.begin()->second.last_sync = clock.Now();
    EndListing("");
  }
  // Ends the one listing that has not ended; `code`: of its failure, if any.
  void EndListing(const std::string& code) {
    for (const Json& task : Tasks()) {
      if (task["status"].contains("completionTime")) continue;
      model::TaskStatus status = {.phase = model::TaskPhase::kSucceeded,
                                  .completion = clock.Now()};
      if (!code.empty()) {
        status.phase = model::TaskPhase::kFailed;
        status.failures.push_back(
            {.image = "harbor", .failure = {.code = code}});
      }
      SetTask(kube::NameOf(task), status);
      return;
    }
    ADD_FAILURE() << "no listing is under way";
  }
  void AskForListing() {
    Change(kRegistry, "harbor",
           R"({"metadata": {"annotations": {"landwaiter.dev/sync": ")" +
               std::to_string(++asked_) + R"("}}})");
  }
  size_t Listings() { return Tasks().size(); }

  int asked_ = 0;
};

TEST_F(BrokenWhileConnectedTest, AFailedListingHasTheConnectionTriedAtOnce) {
  Advance(absl::Minutes(10));
  AskForListing();
  EXPECT_THAT(Jobs("verify"), IsEmpty());
  EndListing("NetworkConnectError");
  ASSERT_THAT(Jobs("verify"), SizeIs(1));
  EXPECT_EQ(Condition(kRegistry, "harbor", "Ready"), "True Verified");
  FinishJob(Jobs("verify")[0],
            R"({"ok": false, "code": "NetworkConnectError", "cause": "Dns"})");
  EXPECT_EQ(Get(kRegistry, "harbor")["status"]["error"]["code"],
            "NetworkConnectError");
  // And heals by itself, with a listing.
  const size_t before = Listings();
  Advance(absl::Seconds(61));
  ASSERT_THAT(Jobs("verify"), SizeIs(1));
  FinishJob(Jobs("verify")[0], R"({"ok": true})");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Ready"), "True Verified");
  EXPECT_EQ(Listings(), before + 1);
  EndListing("");
  Advance(absl::Minutes(50));
  EXPECT_EQ(Listings(), before + 1);
}

TEST_F(BrokenWhileConnectedTest, ARefusedAccountIsSentOnceMoreAndNeverAgain) {
  Advance(absl::Minutes(10));
  AskForListing();
  AskForListing();
  EndListing("Unauthorized");
  ASSERT_THAT(Jobs("verify"), SizeIs(1));
  FinishJob(Jobs("verify")[0],
            R"({"ok": false, "code": "FailedToVerifyUsernameOrPwd"})");
  EXPECT_EQ(Condition(kRegistry, "harbor", "Stalled"),
            "True FailedToVerifyUsernameOrPwd");
  // A listing that was under way ends after it.
  Advance(absl::Seconds(30));
  EndListing("Unauthorized");
  for (int hours = 0; hours < 48; ++hours) {
    Advance(absl::Hours(1));
    EXPECT_THAT(Jobs("verify"), IsEmpty());
  }
}

TEST_F(BrokenWhileConnectedTest, OtherFailuresDoNotDoubtTheConnection) {
  Advance(absl::Minutes(10));
  for (const char* code : {"RateLimited", "Internal", "LimitExceeded"}) {
    AskForListing();
    EndListing(code);
    EXPECT_THAT(Jobs("verify"), IsEmpty()) << code;
  }
}

TEST_F(BrokenWhileConnectedTest, TriesThatFindNothingBackOff) {
  Advance(absl::Minutes(10));
  AskForListing();
  int tries = 0;
  size_t most = Listings();
  for (int minute = 0; minute < 24 * 60; ++minute) {
    bool listing = false;
    for (const Json& task : Tasks()) {
      listing = listing || !task["status"].contains("completionTime");
    }
    if (listing) EndListing("Unauthorized");
    if (!Jobs("verify").empty()) {
      ++tries;
      FinishJob(Jobs("verify")[0], R"({"ok": true})");
    }
    most = std::max(most, Listings());
    Advance(absl::Minutes(1));
  }
  // 1, 2, 4 ... 256 minutes, then every 6 hours; hourly listings go on.
  EXPECT_GE(tries, 8);
  EXPECT_LE(tries, 14);
  EXPECT_EQ(Get(kRegistry, "harbor")["status"]["verification"]["doubts"],
            tries);
  EXPECT_LE(most, 45u);
  // One that ends well restores the trust.
  AskForListing();
  EndListing("");
  Advance(absl::Hours(7));
  ASSERT_THAT(Jobs("verify"), SizeIs(1));
  FinishJob(Jobs("verify")[0], R"({"ok": true})");
  EXPECT_FALSE(
      Get(kRegistry, "harbor")["status"]["verification"].contains("doubts"));
}

TEST_F(RegistryTest, AnnotationAsksOnce) {
  CreateConnectedRegistry();
  const size_t before = Tasks().size();
  Change(kRegistry, "harbor",
         R"({"metadata": {"annotations": {"landwaiter.dev/scan": "1"}}})");
  EXPECT_THAT(Tasks(), SizeIs(before + 1));
  Restart();
  Advance(absl::Minutes(10));
  EXPECT_THAT(Tasks(), SizeIs(before + 1));
  Change(kRegistry, "harbor",
         R"({"metadata": {"annotations": {"landwaiter.dev/scan": "2"}}})");
  EXPECT_THAT(Tasks(), SizeIs(before + 2));
}

TEST_F(RegistryTest, CountsComeFromTheAnalyzer) {
  CreateConnectedRegistry();
  model::RegistryStatus& known = analyzer.registry_status.begin()->second;
  known.repositories = 3;
  known.images = 12;
  known.vulnerabilities.system.critical = 2;
  known.vulnerabilities.application.high = 3;
  Advance(absl::Seconds(11));
  TellChange(model::Change::Kind::kRegistry,
             kube::UidOf(Get(kRegistry, "harbor")));
  const Json status = Get(kRegistry, "harbor")["status"];
  EXPECT_EQ(status["repositories"], 3);
  EXPECT_EQ(status["images"], 12);
  EXPECT_EQ(status["findings"]["systemVulnerabilities"]["critical"], 2);
  EXPECT_EQ(status["findings"]["applicationVulnerabilities"]["high"], 3);
}

TEST_F(RegistryTest, DeletionRemovesDataAndJobs) {
  CreateConnectedRegistry();
  SetWork(5, 0);
  ASSERT_THAT(Jobs("scan"), SizeIs(1));
  ASSERT_TRUE(kube.Delete(kRegistry, {"team", "harbor"}, {}).ok());
  Settle();
  EXPECT_FALSE(Exists(kRegistry, "harbor"));
  EXPECT_THAT(analyzer.registries, IsEmpty());
  EXPECT_THAT(Jobs("scan"), IsEmpty());
}

TEST_F(RegistryTest, DeletionGivesUpAfterTenMinutesAndSaysSo) {
  CreateConnectedRegistry();
  analyzer.down = absl::UnavailableError("down");
  ASSERT_TRUE(kube.Delete(kRegistry, {"team", "harbor"}, {}).ok());
  Advance(absl::Minutes(9));
  EXPECT_TRUE(Exists(kRegistry, "harbor"));
  Advance(absl::Minutes(2));
  EXPECT_FALSE(Exists(kRegistry, "harbor"));
  EXPECT_TRUE(events.Has("CleanupAbandoned"));
}

TEST_F(RegistryTest, PasswordIsInNoObjectButItsSecrets) {
  CreateConnectedRegistry();
  EXPECT_THAT(Get(kRegistry, "harbor").dump(), Not(HasSubstr("canary")));
  for (const std::string& event : events.events) {
    EXPECT_THAT(event, Not(HasSubstr("canary")));
  }
}

TEST_F(RegistryTest, IdleOperatorSendsNothing) {
  CreateConnectedRegistry();
  SetTask(kube::NameOf(Tasks().at(0)),
          {.phase = model::TaskPhase::kSucceeded, .completion = clock.Now()});
  analyzer.registry_status.begin()->second.last_sync = clock.Now();
  Advance(absl::Minutes(1));
  kube.ClearRequests();
  // Watches end and are opened again after 5 to 10 minutes; nothing else.
  Advance(absl::Minutes(50));
  for (const std::string& request : kube.requests()) {
    EXPECT_THAT(request, HasSubstr("watch"));
  }
}

}  // namespace
}  // namespace landwaiter::manager
