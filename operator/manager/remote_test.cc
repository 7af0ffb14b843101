// Clusters of type Kubeconfig: the whole operator, with a far cluster.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "operator/api/names.h"
#include "operator/kube/breaker_client.h"
#include "operator/manager/operator_world.h"

namespace landwaiter::manager {
namespace {

using kube::Json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RemoteTest : public testing::Test {
 protected:
  std::string Phase() {
    return kube::StringAt(world_.Get(api::kRepositoryClusters, "far"),
                          {"status", "phase"});
  }
  std::string Reachable() {
    return world_.Condition(api::kRepositoryClusters, "far", "Reachable");
  }
  std::vector<Json> FarObjects(const kube::ResourceType& type) {
    const auto page = world_.far.List(type, "scans", {});
    EXPECT_TRUE(page.ok()) << page.status();
    return page->items;
  }
  // A registry in the far cluster that can be used.
  void CreateConnected() {
    world_.CreateSecret("account", "canary");
    world_.CreateFarCluster();
    world_.CreateRegistry("far");
    const std::vector<Json> jobs = world_.FarJobs("verify");
    ASSERT_EQ(jobs.size(), 1u);
    world_.FinishFarJob(jobs[0], R"({"ok": true, "detectedVersion": "V2"})");
    ASSERT_EQ(world_.Condition(api::kImageRegistries, "harbor", "Ready"),
              "True Verified");
  }
  void Delete(const kube::ResourceType& type, const std::string& name) {
    ASSERT_TRUE(world_.kube.Delete(type, {"team", name}, {}).ok());
    world_.Settle();
  }

  OperatorWorld world_;
};

TEST_F(RemoteTest, AClusterThatAnswersIsRunning) {
  world_.CreateFarCluster();
  const Json cluster = world_.Get(api::kRepositoryClusters, "far");
  EXPECT_EQ(Phase(), "Running");
  EXPECT_EQ(kube::StringAt(cluster, {"status", "kubernetesVersion"}),
            "v1.34.0");
  EXPECT_EQ(cluster["status"]["nodes"], 0);
  // Nobody may connect to its scan pods.
  const std::vector<Json> policies = FarObjects(kube::kNetworkPolicies);
  ASSERT_THAT(policies, SizeIs(1));
  EXPECT_EQ(policies[0]["spec"]["podSelector"]["matchLabels"]
                    [std::string(api::kClusterUidLabel)],
            kube::UidOf(cluster));
}

TEST_F(RemoteTest, ScansRunInTheFarClusterAlone) {
  CreateConnected();
  // The credentials went with the Job that needed them.
  EXPECT_THAT(FarObjects(kube::kSecrets), IsEmpty());
  world_.SetWork(5, 0);
  const std::vector<Json> jobs = world_.FarJobs("scan");
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_FALSE(jobs[0]["spec"].value("suspend", false));
  const Json cluster = world_.Get(api::kRepositoryClusters, "far");
  EXPECT_EQ(kube::LabelOf(jobs[0], api::kClusterUidLabel),
            kube::UidOf(cluster));
  EXPECT_EQ(kube::Find(jobs[0], {"metadata", "ownerReferences"}), nullptr);
  const std::vector<Json> secrets = FarObjects(kube::kSecrets);
  ASSERT_THAT(secrets, SizeIs(1));
  EXPECT_EQ(secrets[0]["metadata"]["ownerReferences"][0]["uid"],
            kube::UidOf(jobs[0]));
  // Its pods reach the analyzer where the cluster says.
  std::string config;
  ASSERT_TRUE(absl::Base64Unescape(
      secrets[0]["data"]["job.json"].get<std::string>(), &config));
  EXPECT_EQ(Json::parse(config)["analyzer"]["address"],
            "analyzer.example.com:443");
  EXPECT_THAT(world_.Jobs("verify"), IsEmpty());
  EXPECT_THAT(world_.Jobs("scan"), IsEmpty());
  world_.SetWork(0, 0);
  world_.FinishFarJob(jobs[0], "{}");
  EXPECT_THAT(world_.FarJobs("scan"), IsEmpty());
  EXPECT_THAT(FarObjects(kube::kSecrets), IsEmpty());
}

TEST_F(RemoteTest, ItsPodsAndTheirAddressesAreShown) {
  CreateConnected();
  world_.SetWork(5, 0);
  const Json cluster = world_.Get(api::kRepositoryClusters, "far");
  world_.analyzer.egress[kube::UidOf(cluster)] = {"203.0.113.7"};
  const Json job = world_.FarJobs("scan").at(0);
  const auto pod = world_.far.Create(
      kube::kPods,
      {{"metadata",
        {{"name", "p"},
         {"namespace", "scans"},
         {"labels", job["spec"]["template"]["metadata"]["labels"]}}}});
  ASSERT_TRUE(pod.ok());
  Json running = *pod;
  running["status"]["phase"] = "Running";
  ASSERT_TRUE(world_.far.UpdateStatus(kube::kPods, running).ok());
  world_.Advance(absl::Minutes(2));
  Json status = world_.Get(api::kRepositoryClusters, "far")["status"];
  EXPECT_EQ(status["scanPods"]["running"], 1);
  EXPECT_EQ(status["egressAddresses"], Json::array({"203.0.113.7"}));
  // An analyzer that has forgotten takes nothing away.
  world_.analyzer.egress[kube::UidOf(cluster)] = {"203.0.113.9"};
  world_.Advance(absl::Minutes(2));
  status = world_.Get(api::kRepositoryClusters, "far")["status"];
  EXPECT_EQ(status["egressAddresses"],
            Json::array({"203.0.113.9", "203.0.113.7"}));
}

TEST_F(RemoteTest, TheAddressOfAPodThatIsGoneAtOnceIsShownToo) {
  CreateConnected();
  world_.SetWork(5, 0);
  const Json cluster = world_.Get(api::kRepositoryClusters, "far");
  const Json job = world_.FarJobs("scan").at(0);
  const auto pod = world_.far.Create(
      kube::kPods,
      {{"metadata",
        {{"name", "p"},
         {"namespace", "scans"},
         {"labels", job["spec"]["template"]["metadata"]["labels"]}}}});
  ASSERT_TRUE(pod.ok());
  Json phase = *pod;
  phase["status"]["phase"] = "Pending";
  const auto pending = world_.far.UpdateStatus(kube::kPods, phase);
  ASSERT_TRUE(pending.ok());
  world_.Settle();
  // It speaks to the analyzer after we have asked, and ends, before anybody
  // has seen it run.
  world_.analyzer.egress[kube::UidOf(cluster)] = {"203.0.113.7"};
  phase = *pending;
  phase["status"]["phase"] = "Succeeded";
  ASSERT_TRUE(world_.far.UpdateStatus(kube::kPods, phase).ok());
  world_.Settle();
  world_.Advance(absl::Minutes(2));
  const Json status = world_.Get(api::kRepositoryClusters, "far")["status"];
  EXPECT_EQ(status["egressAddresses"], Json::array({"203.0.113.7"}));
}

TEST_F(RemoteTest, AnAddressThatIsNotAllowedStallsUntilItIs) {
  world_.FarAnswers(kube::Away(
      base::Failure(base::FailureCode::kNetworkConnectError,
                    "169.254.169.254 is refused", "BlockedAddress")));
  world_.CreateFarCluster();
  EXPECT_EQ(Phase(), "NotReady");
  EXPECT_EQ(Reachable(), "False AddressRefused");
  EXPECT_EQ(world_.Condition(api::kRepositoryClusters, "far", "Stalled"),
            "True AddressRefused");
  world_.FarIsAway(false);
  world_.Advance(absl::Minutes(2));
  EXPECT_EQ(Phase(), "Running");
}

TEST_F(RemoteTest, AnAbsentClusterIsSurvived) {
  CreateConnected();
  world_.SetWork(5, 0);
  const std::string uid = kube::UidOf(world_.FarJobs("scan").at(0));
  world_.FarIsAway(true);
  world_.Advance(absl::Minutes(1));
  EXPECT_EQ(Phase(), "NotReady");
  EXPECT_EQ(Reachable(), "False Unreachable");
  const Json status = world_.Get(api::kRepositoryClusters, "far")["status"];
  EXPECT_EQ(status["kubernetesVersion"], "v1.34.0");
  world_.SetWork(50, 0);  // no pod is started for it, none is stopped
  world_.Advance(absl::Minutes(20));
  world_.FarIsAway(false);
  world_.Advance(absl::Minutes(2));
  EXPECT_EQ(Phase(), "Running");
  EXPECT_EQ(Reachable(), "True Running");
  EXPECT_EQ(world_.Condition(api::kImageRegistries, "harbor", "Ready"),
            "True Verified");
  const std::vector<Json> jobs = world_.FarJobs("scan");
  ASSERT_THAT(jobs, SizeIs(4));
  EXPECT_EQ(kube::UidOf(jobs[0]), uid);
}

TEST_F(RemoteTest, OneClusterAwayDoesNotTouchTheOther) {
  world_.FarIsAway(true);
  world_.CreateFarCluster();
  world_.far.ClearRequests();
  world_.CreateConnectedRegistry();  // in the local one
  EXPECT_EQ(world_.Condition(api::kImageRegistries, "harbor", "Ready"),
            "True Verified");
  EXPECT_EQ(Phase(), "NotReady");
  // Asked less and less often.
  world_.Advance(absl::Hours(1));
  EXPECT_THAT(world_.far.requests().size(), testing::Lt(400u));
}

TEST_F(RemoteTest, ARestartFindsWhatRuns) {
  CreateConnected();
  world_.SetWork(5, 0);
  const std::string uid = kube::UidOf(world_.FarJobs("scan").at(0));
  world_.Restart();
  world_.Advance(absl::Minutes(1));
  ASSERT_THAT(world_.FarJobs("scan"), SizeIs(1));
  EXPECT_EQ(kube::UidOf(world_.FarJobs("scan")[0]), uid);
  EXPECT_EQ(Phase(), "Running");
}

TEST_F(RemoteTest, MissingPermissionsAreNamedOneByOne) {
  world_.far.Deny("create", "secrets");
  world_.far.Deny("patch", "networkpolicies");
  world_.CreateFarCluster();
  const Json status = world_.Get(api::kRepositoryClusters, "far")["status"];
  EXPECT_EQ(status["missingPermissions"],
            Json::array({"create secrets in scans",
                         "patch networkpolicies.networking.k8s.io in scans"}));
  EXPECT_EQ(world_.Condition(api::kRepositoryClusters, "far", "Permitted"),
            "False PermissionsMissing");
  EXPECT_EQ(Phase(), "NotReady");
}

TEST_F(RemoteTest, AKubeconfigIsMissingRefusedThenMended) {
  world_.Create(api::kRepositoryClusters, "far",
                R"({"connection": {"type": "Kubeconfig", "kubeconfig":
                    {"secretRef": {"name": "kubeconfig"}}}})");
  const auto stalled = [&] {
    return world_.Condition(api::kRepositoryClusters, "far", "Stalled");
  };
  EXPECT_EQ(stalled(), "True SecretNotFound");
  world_.CreateKubeconfig("kubeconfig", "refused");
  EXPECT_EQ(stalled(), "True KubeconfigRefused");
  EXPECT_THAT(world_.Get(api::kRepositoryClusters, "far").dump(),
              HasSubstr("users[0].user.exec is refused"));
  EXPECT_THAT(world_.far.requests(), IsEmpty());
  world_.Change(kube::kSecrets, "kubeconfig",
                R"({"data": {"kubeconfig": "ZmFy"}})");
  EXPECT_EQ(Phase(), "Running");
  // Without its Secret the cluster is no longer the operator's to use.
  Delete(kube::kSecrets, "kubeconfig");
  EXPECT_EQ(stalled(), "True SecretNotFound");
  world_.far.ClearRequests();
  world_.Advance(absl::Minutes(5));
  EXPECT_THAT(world_.far.requests(), IsEmpty());
}

TEST_F(RemoteTest, ADeletedClusterTakesItsJobsAlong) {
  CreateConnected();
  world_.SetWork(5, 0);
  ASSERT_THAT(world_.FarJobs("scan"), SizeIs(1));
  Delete(api::kRepositoryClusters, "far");
  EXPECT_FALSE(world_.Exists(api::kRepositoryClusters, "far"));
  EXPECT_THAT(FarObjects(kube::kJobs), IsEmpty());
  EXPECT_THAT(FarObjects(kube::kSecrets), IsEmpty());
  EXPECT_THAT(FarObjects(kube::kNetworkPolicies), IsEmpty());
  world_.far.ClearRequests();
  world_.Advance(absl::Minutes(5));
  EXPECT_THAT(world_.far.requests(), IsEmpty());
}

TEST_F(RemoteTest, DeletedWhileAwayItWaitsTenMinutesAndSaysSo) {
  CreateConnected();
  world_.FarIsAway(true);
  Delete(api::kRepositoryClusters, "far");
  world_.Advance(absl::Minutes(9));
  EXPECT_TRUE(world_.Exists(api::kRepositoryClusters, "far"));
  world_.Advance(absl::Minutes(2));
  EXPECT_FALSE(world_.Exists(api::kRepositoryClusters, "far"));
  EXPECT_TRUE(world_.events.Has("CleanupAbandoned"));
}

TEST_F(RemoteTest, DeletedWhileAwayItIsCleanedUpWhenBackInTime) {
  CreateConnected();
  world_.SetWork(5, 0);
  world_.FarIsAway(true);
  Delete(api::kRepositoryClusters, "far");
  world_.Restart();  // the link is made for the clean-up alone
  world_.Advance(absl::Minutes(3));
  world_.FarIsAway(false);
  world_.Advance(absl::Minutes(3));
  EXPECT_FALSE(world_.Exists(api::kRepositoryClusters, "far"));
  EXPECT_THAT(FarObjects(kube::kJobs), IsEmpty());
  EXPECT_FALSE(world_.events.Has("CleanupAbandoned"));
}

TEST_F(RemoteTest, OneThatWasNeverReachedGoesAtOnce) {
  world_.FarIsAway(true);
  world_.CreateFarCluster();
  Delete(api::kRepositoryClusters, "far");
  EXPECT_FALSE(world_.Exists(api::kRepositoryClusters, "far"));
}

TEST_F(RemoteTest, ARegistryDeletedWhileItsClusterIsAwayLeavesNoJob) {
  CreateConnected();
  world_.SetWork(5, 0);
  world_.FarIsAway(true);
  world_.Advance(absl::Minutes(1));
  Delete(api::kImageRegistries, "harbor");
  EXPECT_TRUE(world_.Exists(api::kImageRegistries, "harbor"));
  world_.FarIsAway(false);
  world_.Advance(absl::Minutes(2));
  EXPECT_FALSE(world_.Exists(api::kImageRegistries, "harbor"));
  EXPECT_THAT(FarObjects(kube::kJobs), IsEmpty());
}

}  // namespace
}  // namespace landwaiter::manager
