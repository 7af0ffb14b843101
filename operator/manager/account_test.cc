// What becomes of a RegistryAccount, through the whole operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "operator/api/names.h"
#include "operator/manager/operator_world.h"

namespace landwaiter::manager {
namespace {

using kube::Json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto& kAccount = api::kRegistryAccounts;
constexpr auto& kRegistry = api::kImageRegistries;

class AccountTest : public OperatorWorld, public testing::Test {
 protected:
  void SetUp() override {
    CreateSecret("key", "canary");
    CreateCluster();
    Create(kAccount, "cloud", R"({"provider": "AlibabaCloud",
        "credentialsSecretRef": {"name": "key"}, "interval": "1h",
        "regions": ["cn-hangzhou", "cn-shanghai"],
        "template": {"clusterRef": {"name": "local"}, "network": "VPC"}})");
  }
  static Json Instance(const std::string& id,
                       const std::string& region = "cn-hangzhou") {
    return {{"id", id},
            {"name", id},
            {"type", "OCI"},
            {"region", region},
            {"domain", id + ".example.com"}};
  }
  void EndDiscover(const std::vector<Json>& instances) {
    ASSERT_THAT(Jobs("discover"), SizeIs(1));
    FinishJob(Jobs("discover")[0],
              Json{{"ok", true}, {"instances", instances}}.dump());
  }
  void FailDiscover(const std::string& code) {
    ASSERT_THAT(Jobs("discover"), SizeIs(1));
    FinishJob(Jobs("discover")[0], Json{{"ok", false}, {"code", code}}.dump());
  }
  void NextDiscover(const std::vector<Json>& instances) {
    Advance(absl::Minutes(61));
    EndDiscover(instances);
  }
  Json Status() { return Get(kAccount, "cloud")["status"]; }
};

TEST_F(AccountTest, EachInstanceGetsARegistryThatTheAccountOwns) {
  EXPECT_EQ(Condition(kAccount, "cloud", "Reconciling"), "True Discovering");
  EndDiscover({Instance("cri-1"), Instance("cri-2", "cn-shanghai")});
  EXPECT_EQ(Condition(kAccount, "cloud", "Ready"), "True Discovered");
  EXPECT_EQ(Status()["registries"], 2);
  const Json registry = Get(kRegistry, "cloud-cri-1");
  EXPECT_EQ(registry["spec"]["endpoint"]["url"], "https://cri-1.example.com");
  EXPECT_EQ(registry["spec"]["network"], "VPC");
  EXPECT_EQ(registry["metadata"]["ownerReferences"][0]["uid"],
            kube::UidOf(Get(kAccount, "cloud")));
  EXPECT_EQ(registry["status"]["managedBy"], "cloud");
  EXPECT_TRUE(events.Has("RegistryCreated"));
  EXPECT_THAT(Jobs("discover"), IsEmpty());
}

TEST_F(AccountTest, JobIsToldTheAccountAndGetsItsKeyInASecretOfItsOwn) {
  const Json job = Jobs("discover").at(0);
  const auto secrets = kube.List(kube::kSecrets, "scans", {});
  ASSERT_THAT(secrets->items, SizeIs(1));
  EXPECT_EQ(secrets->items[0]["metadata"]["ownerReferences"][0]["uid"],
            kube::UidOf(job));
  EXPECT_TRUE(secrets->items[0]["data"].contains("username"));
  EXPECT_EQ(job["spec"]["template"]["spec"]["containers"][0]["args"][0],
            "discover");
}

TEST_F(AccountTest, DeletionByHandIsUndoneWhileTheAccountHasTheInstance) {
  EndDiscover({Instance("cri-1")});
  const std::string before = kube::UidOf(Get(kRegistry, "cloud-cri-1"));
  ASSERT_TRUE(kube.Delete(kRegistry, {"team", "cloud-cri-1"}, {}).ok());
  Settle();
  ASSERT_TRUE(Exists(kRegistry, "cloud-cri-1"));
  EXPECT_NE(kube::UidOf(Get(kRegistry, "cloud-cri-1")), before);
  EXPECT_TRUE(events.Has("RegistryRestored"));
  EXPECT_THAT(Jobs("discover"), IsEmpty());  // no need to ask again
}

TEST_F(AccountTest, RemovedOnlyAfterTwoCompleteListingsWithoutIt) {
  EndDiscover({Instance("cri-1"), Instance("cri-2")});
  NextDiscover({Instance("cri-2")});
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-1"));
  Advance(absl::Minutes(61));
  FailDiscover("NetworkConnectError");
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-1"));
  NextDiscover({Instance("cri-2")});
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-1"));
  NextDiscover({Instance("cri-2")});
  EXPECT_FALSE(Exists(kRegistry, "cloud-cri-1"));
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-2"));
  EXPECT_TRUE(events.Has("RegistryRemoved"));
  Advance(absl::Seconds(11));  // no transition: written 10 s apart
  EXPECT_EQ(Status()["instances"].size(), 1u);
}

TEST_F(AccountTest, RejectedKeyIsNeverTriedAgainByItselfAndHealsWithTheSecret) {
  FailDiscover("FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Condition(kAccount, "cloud", "Stalled"),
            "True FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Status()["error"]["message"], "Username or password is invalid.");
  Advance(absl::Hours(48));
  EXPECT_THAT(Jobs("discover"), IsEmpty());
  ASSERT_TRUE(kube.Patch(kube::kSecrets, {"team", "key"},
                         {{"data", {{"password", "bmV3"}}}}, {})
                  .ok());
  Settle();
  EndDiscover({Instance("cri-1")});
  EXPECT_EQ(Condition(kAccount, "cloud", "Ready"), "True Discovered");
  EXPECT_FALSE(Status().contains("error"));
}

TEST_F(AccountTest, FailedListingRemovesNothing) {
  EndDiscover({Instance("cri-1")});
  for (int i = 0; i < 3; ++i) {
    Advance(absl::Minutes(61));
    FailDiscover("NetworkConnectError");
  }
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-1"));
  EXPECT_EQ(Condition(kAccount, "cloud", "Reconciling"),
            "True NetworkConnectError");
  EXPECT_THAT(Status()["error"]["message"].get<std::string>(),
              HasSubstr("timed out"));
}

TEST_F(AccountTest, ListThatDoesNotFitIsAskedForInParts) {
  FailDiscover("LimitExceeded");
  EndDiscover({Instance("cri-1", "cn-hangzhou")});
  EXPECT_EQ(Condition(kAccount, "cloud", "Ready"), "Unknown Discovering");
  EndDiscover({Instance("cri-2", "cn-shanghai")});
  EXPECT_EQ(Condition(kAccount, "cloud", "Ready"), "True Discovered");
  EXPECT_EQ(Status()["registries"], 2);
  // The parts stay small, and neither loses what the other found.
  for (int i = 0; i < 3; ++i) {
    Advance(absl::Minutes(61));
    EndDiscover({Instance("cri-1", "cn-hangzhou")});
    EndDiscover({Instance("cri-2", "cn-shanghai")});
  }
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-1"));
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-2"));
}

TEST_F(AccountTest, TemplateIsKeptAndTheRestIsTheUsers) {
  EndDiscover({Instance("cri-1")});
  Change(kRegistry, "cloud-cri-1",
         R"({"spec": {"suspend": true, "network": "Internet"}})");
  EXPECT_EQ(Get(kRegistry, "cloud-cri-1")["spec"]["network"], "VPC");
  EXPECT_EQ(Get(kRegistry, "cloud-cri-1")["spec"]["suspend"], true);
  Change(kAccount, "cloud", R"({"spec": {"template": {"imagesPerHour": 60}}})");
  EXPECT_EQ(Get(kRegistry, "cloud-cri-1")["spec"]["imagesPerHour"], 60);
}

TEST_F(AccountTest, RegionThatIsNoLongerNamedLosesItsRegistries) {
  EndDiscover({Instance("cri-1"), Instance("cri-2", "cn-shanghai")});
  Change(kAccount, "cloud", R"({"spec": {"regions": ["cn-hangzhou"]}})");
  EXPECT_FALSE(Exists(kRegistry, "cloud-cri-2"));
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-1"));
}

TEST_F(AccountTest, NameOfAnotherRegistryIsNotTaken) {
  Create(kRegistry, "cloud-cri-1",
         R"({"type": "OCI", "endpoint": {"url": "https://mine.example.com"},
             "clusterRef": {"name": "local"}})");
  EndDiscover({Instance("cri-1")});
  EXPECT_EQ(Get(kRegistry, "cloud-cri-1")["spec"]["endpoint"]["url"],
            "https://mine.example.com");
  EXPECT_THAT(Status()["problems"].dump(), HasSubstr("another ImageRegistry"));
}

TEST_F(AccountTest, AccountTakesItsRegistriesWithIt) {
  EndDiscover({Instance("cri-1")});
  ASSERT_TRUE(kube.Delete(kAccount, {"team", "cloud"}, {}).ok());
  Settle();
  EXPECT_FALSE(Exists(kRegistry, "cloud-cri-1"));
}

TEST_F(AccountTest, StatusThatWasEmptiedLosesNothing) {
  EndDiscover({Instance("cri-1")});
  Json account = Get(kAccount, "cloud");
  account["status"] = Json::object();
  ASSERT_TRUE(kube.UpdateStatus(kAccount, account).ok());
  Restart();
  EXPECT_TRUE(Exists(kRegistry, "cloud-cri-1"));
  EndDiscover({});
  NextDiscover({});
  EXPECT_FALSE(Exists(kRegistry, "cloud-cri-1"));
}

TEST_F(AccountTest, AccessKeyIsInNoObjectButItsSecrets) {
  EndDiscover({Instance("cri-1")});
  for (const std::string& event : events.events) {
    EXPECT_THAT(event, testing::Not(HasSubstr("canary")));
  }
  EXPECT_THAT(Get(kAccount, "cloud").dump(), testing::Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace landwaiter::manager
