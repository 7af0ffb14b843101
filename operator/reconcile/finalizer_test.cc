#include "operator/reconcile/finalizer.h"

#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/kube/fake/fake_kube_client.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

TEST(ReleaseFinalizersTest, ObjectsThatWaitForAGoneOperatorGo) {
  base::FakeClock clock;
  kube::FakeKubeClient client(&clock);
  const kube::ObjectKey key{"team", "harbor"};
  ASSERT_TRUE(
      client
          .Create(
              api::kImageRegistries,
              {{"metadata",
                {{"name", key.name},
                 {"namespace", key.ns},
                 {"finalizers", Json::array({std::string(api::kFinalizer)})}}}})
          .ok());
  ASSERT_TRUE(client.Delete(api::kImageRegistries, key, {}).ok());
  ASSERT_TRUE(client.Get(api::kImageRegistries, key).ok());
  ASSERT_TRUE(ReleaseFinalizers(client, {"team", "empty"}).ok());
  EXPECT_TRUE(
      absl::IsNotFound(client.Get(api::kImageRegistries, key).status()));
}

TEST(ReleaseFinalizersTest, FinalizersOfOthersStay) {
  base::FakeClock clock;
  kube::FakeKubeClient client(&clock);
  const kube::ObjectKey key{"team", "task"};
  ASSERT_TRUE(
      client
          .Create(
              api::kScanTasks,
              {{"metadata",
                {{"name", key.name},
                 {"namespace", key.ns},
                 {"finalizers", Json::array({"example.com/other",
                                             std::string(api::kFinalizer)})}}}})
          .ok());
  ASSERT_TRUE(ReleaseFinalizers(client, {"team"}).ok());
  EXPECT_EQ((*client.Get(api::kScanTasks, key))["metadata"]["finalizers"],
            Json::array({"example.com/other"}));
}

}  // namespace
}  // namespace landwaiter::reconcile
