#include "operator/reconcile/advisory_database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;
using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Json Object(const char* spec) {
  return {{"apiVersion", "landwaiter.dev/v1alpha1"},
          {"kind", "AdvisoryDatabase"},
          {"metadata",
           {{"name", "default"}, {"namespace", "ns"}, {"generation", 1}}},
          {"spec", Json::parse(spec)}};
}

model::AdvisoriesStatus Good() {
  model::AdvisoriesStatus status;
  status.version = std::string(64, 'a');
  status.updated = kNow;
  status.feeds = {{.name = "debian",
                   .records = 12,
                   .advisories = 10,
                   .newest = kNow - absl::Hours(1),
                   .updated = kNow,
                   .checked = kNow}};
  return status;
}

std::string ConditionOf(const Json& status, const std::string& type) {
  for (const Json& condition : status.at("conditions")) {
    if (condition.at("type") == type) {
      return condition.at("status").get<std::string>() + " " +
             condition.at("reason").get<std::string>() + ": " +
             condition.at("message").get<std::string>();
    }
  }
  return "";
}

TEST(AdvisorySettingsTest, EachKindOfSourceIsUnderstood) {
  const auto settings = AdvisorySettingsOf(Object(R"({
    "interval": "2h", "offline": true, "sources": [
      {"name": "a", "format": "OSV", "url": "https://x/all.zip"},
      {"name": "b", "oci": {"reference": "r.example/advisories:1"}},
      {"name": "c", "format": "Alpine-SecDB", "configMapRef": {"name": "m"}}
    ]})"));
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->interval, absl::Hours(2));
  EXPECT_TRUE(settings->offline);
  ASSERT_EQ(settings->sources.size(), 3u);
  EXPECT_EQ(settings->sources[0].format, "osv");
  EXPECT_EQ(settings->sources[0].location, "https://x/all.zip");
  EXPECT_EQ(settings->sources[1].format, "landwaiter");
  EXPECT_EQ(settings->sources[1].location, "oci://r.example/advisories:1");
  EXPECT_EQ(settings->sources[2].format, "alpine-secdb");
  EXPECT_FALSE(AdvisorySettingsOf(Object(R"({"sources": []})")).ok());
  EXPECT_FALSE(AdvisorySettingsOf(Object(R"({"sources": 7})")).ok());
}

TEST(AdvisoryStatusTest, FeedsThatWereReadAreReadyAndCurrent) {
  const Json status =
      AdvisoryStatus(Object("{}"), Good(), absl::Hours(24), kNow);
  EXPECT_EQ(status.at("version"), std::string(64, 'a'));
  EXPECT_EQ(status.at("sources").at(0).at("advisories"), 10);
  EXPECT_EQ(status.at("sources").at(0).at("newest"), "2023-11-14T21:13:20Z");
  EXPECT_THAT(ConditionOf(status, "Ready"), HasSubstr("True Updated"));
  EXPECT_THAT(ConditionOf(status, "Current"), HasSubstr("True Updated"));
}

TEST(AdvisoryStatusTest, AFeedThatFailsLeavesTheRestInUseAndIsNamed) {
  model::AdvisoriesStatus given = Good();
  given.feeds[0].error = "the server answered 500";
  const Json status =
      AdvisoryStatus(Object("{}"), given, absl::Hours(24), kNow);
  EXPECT_THAT(ConditionOf(status, "Ready"), HasSubstr("True"));
  EXPECT_THAT(ConditionOf(status, "Current"),
              HasSubstr("False FeedFailed: debian: the server answered 500"));
}

TEST(AdvisoryStatusTest, AFeedOfLastYearIsCalledOld) {
  model::AdvisoriesStatus given = Good();
  given.feeds[0].newest = kNow - absl::Hours(24 * 400);
  EXPECT_THAT(
      ConditionOf(AdvisoryStatus(Object("{}"), given, absl::Hours(24), kNow),
                  "Current"),
      HasSubstr("False FeedOld: the newest record of debian"));
  given = Good();
  given.feeds[0].checked = kNow - absl::Hours(24 * 4);
  EXPECT_THAT(
      ConditionOf(AdvisoryStatus(Object("{}"), given, absl::Hours(24), kNow),
                  "Current"),
      HasSubstr("False FeedOld: debian was last read at"));
}

TEST(AdvisoryStatusTest, WithoutADatabaseItIsUnderWayOrTriedAgain) {
  model::AdvisoriesStatus none;
  EXPECT_THAT(
      ConditionOf(AdvisoryStatus(Object("{}"), none, absl::Hours(1), kNow),
                  "Reconciling"),
      HasSubstr("True Updating"));
  none.error = "every feed failed";
  EXPECT_THAT(
      ConditionOf(AdvisoryStatus(Object("{}"), none, absl::Hours(1), kNow),
                  "Ready"),
      HasSubstr("False FeedFailed: every feed failed"));
}

TEST(AdvisoryStatusTest, WhatAnUpdateBroughtIsTold) {
  model::AdvisoriesStatus given = Good();
  given.rematched = kNow;
  given.images = 7;
  given.changed = 2;
  given.duration = absl::Milliseconds(1500);
  given.newly_affected = {{.id = "CVE-2024-1",
                           .severity = model::Severity::kCritical,
                           .images = 2,
                           .since = kNow}};
  const Json status =
      AdvisoryStatus(Object("{}"), given, absl::Hours(24), kNow);
  EXPECT_EQ(status.at("rematch").at("changed"), 2);
  EXPECT_EQ(status.at("rematch").at("duration"), "1.5s");
  EXPECT_EQ(status.at("newlyAffected").at(0).at("message"),
            "2 images newly affected by CVE-2024-1 since 22:13");
}

}  // namespace
}  // namespace landwaiter::reconcile
