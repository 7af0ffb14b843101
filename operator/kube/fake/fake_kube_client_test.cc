// What the contract's tests do not show: what only the fake has, and what
// needs controllers on a real cluster.
#include "operator/kube/fake/fake_kube_client.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

using testing::ElementsAre;

class FakeKubeClientTest : public testing::Test {
 protected:
  Json Object(std::string name) {
    return {{"metadata", {{"name", name}, {"namespace", "n"}}}};
  }
  Json Create(const ResourceType& type, Json object) {
    auto created = server_.Create(type, object);
    EXPECT_TRUE(created.ok()) << created.status();
    return created.ok() ? *created : Json();
  }
  Json OwnedBy(std::string name, const Json& owner) {
    Json object = Object(name);
    object["metadata"]["ownerReferences"] = {
        {{"uid", UidOf(owner)}, {"name", NameOf(owner)}}};
    return object;
  }
  bool Exists(const ResourceType& type, std::string name) {
    return server_.Get(type, {"n", name}).ok();
  }

  base::FakeClock clock_;
  FakeKubeClient server_{&clock_};
};

TEST_F(FakeKubeClientTest, DependentsGoWithTheirLastOwner) {
  const Json job = Create(kJobs, Object("job"));
  const Json pod = Create(kPods, OwnedBy("pod", job));
  Create(kConfigMaps, OwnedBy("of-pod", pod));
  Json shared = OwnedBy("shared", job);
  const Json other = Create(kJobs, Object("other"));
  shared["metadata"]["ownerReferences"].push_back({{"uid", UidOf(other)}});
  Create(kSecrets, shared);

  ASSERT_TRUE(server_.Delete(kJobs, {"n", "job"}, {}).ok());
  EXPECT_FALSE(Exists(kPods, "pod"));
  EXPECT_FALSE(Exists(kConfigMaps, "of-pod"));
  EXPECT_TRUE(Exists(kSecrets, "shared"));
  ASSERT_TRUE(server_.Delete(kJobs, {"n", "other"}, {}).ok());
  EXPECT_FALSE(Exists(kSecrets, "shared"));
}

TEST_F(FakeKubeClientTest, OrphansStayAndForgetTheirOwner) {
  const Json job = Create(kJobs, Object("job"));
  Create(kPods, OwnedBy("pod", job));
  ASSERT_TRUE(
      server_.Delete(kJobs, {"n", "job"}, {.propagation = "Orphan"}).ok());
  auto pod = server_.Get(kPods, {"n", "pod"});
  ASSERT_TRUE(pod.ok());
  EXPECT_TRUE((*pod)["metadata"]["ownerReferences"].empty());
}

TEST_F(FakeKubeClientTest, DependentOfNobodyIsCollected) {
  Json secret = Object("late");
  secret["metadata"]["ownerReferences"] = {{{"uid", "gone"}}};
  Create(kSecrets, secret);
  EXPECT_TRUE(Exists(kSecrets, "late"));
  server_.CollectGarbage();
  EXPECT_FALSE(Exists(kSecrets, "late"));
}

TEST_F(FakeKubeClientTest, DependentWithAFinalizerWaitsForIt) {
  const Json job = Create(kJobs, Object("job"));
  Json pod = OwnedBy("pod", job);
  pod["metadata"]["finalizers"] = {"batch.kubernetes.io/job-tracking"};
  Create(kPods, pod);
  ASSERT_TRUE(server_.Delete(kJobs, {"n", "job"}, {}).ok());
  auto dying = server_.Get(kPods, {"n", "pod"});
  ASSERT_TRUE(dying.ok());
  EXPECT_TRUE(IsBeingDeleted(*dying));
  (*dying)["metadata"].erase("finalizers");
  ASSERT_TRUE(server_.Update(kPods, *dying).ok());
  EXPECT_FALSE(Exists(kPods, "pod"));
}

TEST_F(FakeKubeClientTest, KeyedListsAreMergedItemByItem) {
  auto apply = [&](Json conditions, std::string manager) {
    Json object = Object("a");
    object["status"] = {{"conditions", std::move(conditions)}};
    auto result = server_.Patch(kJobs, {"n", "a"}, object,
                                {.type = PatchType::kApply,
                                 .subresource = "status",
                                 .field_manager = manager});
    EXPECT_TRUE(result.ok()) << result.status();
    return (*result)["status"]["conditions"];
  };
  Create(kJobs, Object("a"));
  apply({{{"type", "Ready"}, {"status", "True"}, {"reason", "Ok"}}}, "one");
  Json both = apply({{{"type", "Odd"}, {"status", "True"}}}, "two");
  ASSERT_EQ(both.size(), 2u);
  // The first names another: its own goes, whole, and the second's stays.
  Json now = apply({{{"type", "New"}, {"status", "False"}}}, "one");
  ASSERT_EQ(now.size(), 2u);
  EXPECT_EQ(now[0], (Json{{"type", "Odd"}, {"status", "True"}}));
  EXPECT_EQ(now[1], (Json{{"type", "New"}, {"status", "False"}}));
}

TEST_F(FakeKubeClientTest, FaultBeforeHasNoEffectAndFaultAfterHas) {
  server_.FailBefore([](const FakeRequest& request) {
    return request.verb == "create" ? absl::UnavailableError("lost")
                                    : absl::OkStatus();
  });
  EXPECT_FALSE(server_.Create(kJobs, Object("a")).ok());
  EXPECT_FALSE(Exists(kJobs, "a"));
  server_.FailBefore({});
  server_.FailAfter([](const FakeRequest& request) {
    return request.verb == "create" ? absl::UnavailableError("lost")
                                    : absl::OkStatus();
  });
  EXPECT_FALSE(server_.Create(kJobs, Object("a")).ok());
  EXPECT_TRUE(Exists(kJobs, "a"));
}

TEST_F(FakeKubeClientTest, RequestsAreNoted) {
  Create(kJobs, Object("a"));
  server_.UpdateStatus(kJobs, Object("a")).status().IgnoreError();
  server_.List(kPods, "n", {}).status().IgnoreError();
  EXPECT_THAT(
      server_.requests(),
      ElementsAre("create jobs n/a", "update jobs/status n/a", "list pods n/"));
}

TEST_F(FakeKubeClientTest, CompactionEndsOldWatchesAndPages) {
  Create(kJobs, Object("a"));
  Create(kJobs, Object("b"));
  auto page = server_.List(kJobs, "", {.limit = 1});
  ASSERT_TRUE(page.ok());
  auto watch = server_.OpenWatch(kJobs, "",
                                 {.resource_version = page->resource_version});
  ASSERT_TRUE(watch.ok());
  server_.Compact();
  EXPECT_TRUE(IsExpired((*watch)->Poll().status()));
  EXPECT_TRUE(IsExpired(
      server_.OpenWatch(kJobs, "", {.resource_version = page->resource_version})
          .status()));
  EXPECT_TRUE(IsExpired(
      server_.List(kJobs, "", {.continue_token = page->continue_token})
          .status()));
}

TEST_F(FakeKubeClientTest, VersionAheadOfTheServerIsTooLarge) {
  EXPECT_TRUE(IsTooLargeResourceVersion(
      server_.List(kJobs, "", {.resource_version = "99"}).status()));
  EXPECT_TRUE(IsTooLargeResourceVersion(
      server_.OpenWatch(kJobs, "", {.resource_version = "99"}).status()));
}

TEST_F(FakeKubeClientTest, SameCallsGiveTheSameAnswers) {
  auto run = [] {
    base::FakeClock clock;
    FakeKubeClient server(&clock);
    std::string text;
    for (int i = 0; i < 5; ++i) {
      auto created = server.Create(
          kPods, {{"metadata", {{"generateName", "p-"}, {"namespace", "n"}}}});
      text += created->dump();
    }
    return text;
  };
  EXPECT_EQ(run(), run());
}

TEST_F(FakeKubeClientTest, DeniedVerbIsAnswered) {
  server_.Deny("create", "jobs");
  EXPECT_FALSE(*MayI(server_, "create", kJobs, "n"));
  EXPECT_TRUE(*MayI(server_, "get", kJobs, "n"));
}

TEST_F(FakeKubeClientTest, PodLogsAreWhatTheTestSays) {
  EXPECT_TRUE(absl::IsNotFound(server_.PodLog({"n", "p"}, {}).status()));
  server_.SetPodLog({"n", "p"}, "line\n");
  EXPECT_EQ(*server_.PodLog({"n", "p"}, {}), "line\n");
}

}  // namespace
}  // namespace landwaiter::kube
