// What becomes of scan pods, through the whole operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "operator/api/names.h"
#include "operator/manager/operator_world.h"

namespace landwaiter::manager {
namespace {

using kube::Json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kDone[] = R"({"ok": true, "items": {"done": 3}})";

class ScanPodsTest : public OperatorWorld, public testing::Test {
 protected:
  ScanPodsTest() { CreateConnectedRegistry(); }
};

TEST_F(ScanPodsTest, WorkStartsAPodWithATokenOfItsOwn) {
  SetWork(1, 0);
  ASSERT_THAT(Jobs("scan"), SizeIs(1));
  const Json job = Jobs("scan")[0];
  EXPECT_EQ(job["spec"]["suspend"], false);
  EXPECT_EQ(analyzer.tokens_issued, 1);
  const Json secret = kube.List(kube::kSecrets, "scans", {})->items.at(0);
  for (const char* file :
       {"job.json", "token", "analyzer-ca.crt", "username", "password"}) {
    EXPECT_TRUE(secret["data"].contains(file)) << file;
  }
  EXPECT_THAT(job.dump(), Not(HasSubstr("token-canary")));
}

TEST_F(ScanPodsTest, PodsGrowWithWorkUpToMaxPods) {
  SetWork(11, 0);
  EXPECT_THAT(Jobs("scan"), SizeIs(2));
  SetWork(5000, 20);
  EXPECT_THAT(Jobs("scan"), SizeIs(4));
  std::set<std::string> names;
  for (const Json& job : Jobs("scan")) names.insert(kube::NameOf(job));
  EXPECT_THAT(names, SizeIs(4));
}

TEST_F(ScanPodsTest, NoWorkMeansNoPod) {
  SetWork(0, 0);
  EXPECT_THAT(Jobs("scan"), IsEmpty());
}

TEST_F(ScanPodsTest, BudgetThatIsSpentIsWaitedFor) {
  SetWork(0, 0, clock.Now() + absl::Minutes(20));
  Advance(absl::Minutes(19));
  EXPECT_THAT(Jobs("scan"), IsEmpty());
  Advance(absl::Minutes(2));
  EXPECT_THAT(Jobs("scan"), SizeIs(1));
}

TEST_F(ScanPodsTest, FinishedPodIsRemovedAndStartedAgainForNewWork) {
  SetWork(1, 0);
  const Json first = Jobs("scan").at(0);
  SetWork(0, 0);
  FinishJob(first, kDone);
  EXPECT_THAT(Jobs("scan"), IsEmpty());
  SetWork(1, 0);
  ASSERT_THAT(Jobs("scan"), SizeIs(1));
  EXPECT_NE(kube::UidOf(Jobs("scan")[0]), kube::UidOf(first));
  EXPECT_EQ(analyzer.tokens_issued, 2);
}

TEST_F(ScanPodsTest, KilledPodIsReplacedAtOnceThenWithBackOff) {
  SetWork(1, 0);
  FinishJob(Jobs("scan").at(0), "", false);
  EXPECT_TRUE(events.Has("ScanPodFailed"));
  ASSERT_THAT(Jobs("scan"), SizeIs(1));  // a new one
  FinishJob(Jobs("scan").at(0), "", false);
  const std::string second = kube::UidOf(Jobs("scan").at(0));
  Advance(absl::Seconds(1));
  EXPECT_EQ(kube::UidOf(Jobs("scan").at(0)), second);  // kept to look at
  Advance(absl::Seconds(2));
  ASSERT_THAT(Jobs("scan"), SizeIs(1));
  EXPECT_NE(kube::UidOf(Jobs("scan").at(0)), second);
}

TEST_F(ScanPodsTest, StartThatWasCutShortGoesOnAfterARestart) {
  kube.FailBefore([](const kube::FakeRequest& request) {
    return request.verb == "patch" && request.type == kube::kJobs
               ? absl::UnavailableError("cut")
               : absl::OkStatus();
  });
  SetWork(1, 0);
  ASSERT_THAT(Jobs("scan"), SizeIs(1));
  EXPECT_EQ(Jobs("scan")[0]["spec"]["suspend"], true);
  kube.FailBefore(nullptr);
  Restart();
  Advance(absl::Seconds(2));
  ASSERT_THAT(Jobs("scan"), SizeIs(1));
  EXPECT_EQ(Jobs("scan")[0]["spec"]["suspend"], false);
  EXPECT_THAT(kube.List(kube::kSecrets, "scans", {})->items, SizeIs(1));
}

TEST_F(ScanPodsTest, RegistryThatCannotBeUsedLosesItsPods) {
  SetWork(1, 0);
  ASSERT_THAT(Jobs("scan"), SizeIs(1));
  Change(api::kImageRegistries, "harbor", R"({"spec": {"suspend": true}})");
  EXPECT_THAT(Jobs("scan"), IsEmpty());
  Change(api::kImageRegistries, "harbor", R"({"spec": {"suspend": false}})");
  EXPECT_THAT(Jobs("scan"), SizeIs(1));
}

TEST_F(ScanPodsTest, PermissionThatWasTakenAwayIsFoundOut) {
  kube.Deny("create", "jobs");
  kube.FailBefore([](const kube::FakeRequest& request) {
    return request.verb == "create" && request.type == kube::kJobs
               ? absl::PermissionDeniedError("no")
               : absl::OkStatus();
  });
  SetWork(1, 0);
  EXPECT_EQ(Condition(api::kRepositoryClusters, "local", "Stalled"),
            "True PermissionsMissing");
}

TEST_F(ScanPodsTest, ClusterShowsItsPods) {
  SetWork(1, 0);
  const Json job = Jobs("scan").at(0);
  Json pod = *kube.Create(
      kube::kPods,
      {{"metadata",
        {{"name", "p"},
         {"namespace", "scans"},
         {"labels", job["spec"]["template"]["metadata"]["labels"]}}}});
  pod["status"]["phase"] = "Running";
  ASSERT_TRUE(kube.UpdateStatus(kube::kPods, pod).ok());
  Advance(absl::Seconds(11));
  EXPECT_EQ(
      Get(api::kRepositoryClusters, "local")["status"]["scanPods"]["running"],
      1);
}

}  // namespace
}  // namespace landwaiter::manager
