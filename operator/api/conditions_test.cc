#include "operator/api/conditions.h"

#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "operator/api/reasons.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

Json ObjectWith(const Conditions& conditions) {
  return {{"metadata", {{"generation", 7}}},
          {"status", {{"conditions", conditions.ToJson()}}}};
}

TEST(ConditionsTest, TransitionTimeMovesOnlyWithTheStatus) {
  Conditions first(Json{{"metadata", {{"generation", 1}}}}, kStart);
  first.Set("Ready", ConditionStatus::kFalse, "A", "one");

  Conditions second(ObjectWith(first), kStart + absl::Hours(1));
  second.Set("Ready", ConditionStatus::kFalse, "B", "two");
  EXPECT_EQ(second.Find("Ready")->last_transition, kStart);
  EXPECT_EQ(second.Find("Ready")->reason, "B");
  EXPECT_EQ(second.Find("Ready")->observed_generation, 7);

  second.Set("Ready", ConditionStatus::kTrue, "C", "three");
  EXPECT_EQ(second.Find("Ready")->last_transition, kStart + absl::Hours(1));
}

TEST(ConditionsTest, ReadyEndsReconcilingAndStalled) {
  Conditions conditions(Json::object(), kStart);
  conditions.SetReconciling("Verifying", "");
  EXPECT_TRUE(conditions.IsTrue(kReconciling));
  EXPECT_EQ(conditions.Find(kReady)->status, ConditionStatus::kUnknown);
  conditions.SetStalled("SecretNotFound", "");
  EXPECT_FALSE(conditions.IsTrue(kReconciling));
  EXPECT_TRUE(conditions.IsTrue(kStalled));
  conditions.SetReady("Verified", "");
  EXPECT_FALSE(conditions.IsTrue(kStalled));
  EXPECT_TRUE(conditions.IsTrue(kReady));
}

TEST(ConditionsTest, WhatIsNotTouchedStays) {
  Conditions first(Json::object(), kStart);
  first.Set("Synced", ConditionStatus::kTrue, "Listed", "12 repositories");
  Conditions second(ObjectWith(first), kStart + absl::Hours(1));
  second.SetReady("Verified", "");
  EXPECT_EQ(second.Find("Synced")->message, "12 repositories");
}

TEST(ConditionsTest, LongMessageIsCut) {
  Conditions conditions(Json::object(), kStart);
  conditions.SetStalled("X", std::string(5000, 'm'));
  EXPECT_LE(conditions.Find(kStalled)->message.size(), 1024u);
}

TEST(ConditionsTest, BrokenStatusCountsAsNone) {
  for (const char* text :
       {R"({"status": 3})", R"({"status": {"conditions": "no"}})",
        R"({"status": {"conditions": [1, {"type": 4}, {}]}})", R"([])"}) {
    Conditions conditions(Json::parse(text), kStart);
    EXPECT_TRUE(conditions.ToJson().empty()) << text;
  }
}

}  // namespace
}  // namespace landwaiter::api
