#include "operator/kube/object.h"

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

TEST(ObjectTest, CoreGroupHasNoGroupInItsApiVersion) {
  EXPECT_EQ(kPods.ApiVersion(), "v1");
  EXPECT_EQ(kJobs.ApiVersion(), "batch/v1");
}

TEST(ObjectTest, MetadataIsReadAndAbsenceIsEmpty) {
  Json pod = {{"metadata",
               {{"name", "a"},
                {"namespace", "n"},
                {"uid", "u"},
                {"resourceVersion", "7"},
                {"labels", {{"app.kubernetes.io/name", "x"}}},
                {"deletionTimestamp", "2026-01-02T03:04:05Z"}}}};
  EXPECT_EQ(KeyOf(pod), (ObjectKey{"n", "a"}));
  EXPECT_EQ(KeyOf(pod).ToString(), "n/a");
  EXPECT_EQ(UidOf(pod), "u");
  EXPECT_EQ(ResourceVersionOf(pod), "7");
  EXPECT_EQ(LabelOf(pod, "app.kubernetes.io/name"), "x");
  EXPECT_TRUE(IsBeingDeleted(pod));

  for (const Json& odd : {Json(nullptr), Json(3), Json::array(),
                          Json{{"metadata", "text"}}, Json::object()}) {
    EXPECT_EQ(KeyOf(odd), ObjectKey());
    EXPECT_EQ(ResourceVersionOf(odd), "");
    EXPECT_FALSE(IsBeingDeleted(odd));
  }
}

TEST(ObjectTest, TimesAreWrittenInUtcAndReadInEitherForm) {
  absl::Time time =
      absl::FromUnixSeconds(1'700'000'000) + absl::Microseconds(250'000);
  EXPECT_EQ(TimeText(time), "2023-11-14T22:13:20Z");
  EXPECT_EQ(MicroTimeText(time), "2023-11-14T22:13:20.250000Z");
  EXPECT_EQ(TimeFromText("2023-11-14T22:13:20.250000Z"), time);
  EXPECT_EQ(TimeFromText("2023-11-14T23:13:20+01:00"),
            absl::FromUnixSeconds(1'700'000'000));
  EXPECT_EQ(TimeFromText("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace landwaiter::kube
