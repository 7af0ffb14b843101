#include "analyzer/advisory/osv/osv.h"

#include <string>

#include "analyzer/advisory/ecosystem.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Advisory Parse(const std::string& json) {
  const OsvRecord record = ParseOsv(json);
  EXPECT_EQ(record.problem, RecordProblem::kNone) << record.message;
  EXPECT_FALSE(record.withdrawn);
  return record.advisory;
}

// A record with these members beside its id.
Details DetailsOf(const std::string& id, const std::string& members) {
  return Parse(R"({"id": ")" + id + R"(", )" + members + "}").details;
}

// A record whose one affected entry has these members.
Affected AffectedOf(const std::string& members,
                    const std::string& summary = "") {
  const Advisory advisory =
      Parse(R"({"id": "X-1", "summary": ")" + summary +
            R"(", "affected": [{"package": {"ecosystem": "AlmaLinux:8",
              "name": "nodejs"}, )" +
            members + "}]}");
  EXPECT_THAT(advisory.affected, SizeIs(1));
  return advisory.affected.at(0);
}

TEST(EcosystemTest, SuffixesThatMakeNoDifferenceAreLeftOut) {
  EXPECT_EQ(CanonicalEcosystem("Ubuntu:22.04:LTS"), "Ubuntu:22.04");
  EXPECT_EQ(CanonicalEcosystem("Ubuntu:23.10"), "Ubuntu:23.10");
  EXPECT_EQ(CanonicalEcosystem("Ubuntu:Pro:16.04:LTS"), "Ubuntu:Pro:16.04");
  EXPECT_EQ(CanonicalEcosystem("Red Hat:enterprise_linux:8::baseos"),
            "Red Hat:8");
  EXPECT_EQ(CanonicalEcosystem("Red Hat:enterprise_linux:9::appstream"),
            "Red Hat:9");
  EXPECT_EQ(CanonicalEcosystem("Red Hat:enterprise_linux:10.0"), "Red Hat:10");
}

TEST(EcosystemTest, WhatIsAnothersIsKeptApart) {
  EXPECT_EQ(CanonicalEcosystem("Red Hat:rhel_eus:8.6::baseos"),
            "Red Hat:rhel_eus:8.6");
  EXPECT_EQ(CanonicalEcosystem("Ubuntu:Pro:FIPS:16.04:LTS"),
            "Ubuntu:Pro:FIPS:16.04");
  EXPECT_EQ(CanonicalEcosystem("Debian:12"), "Debian:12");
  EXPECT_EQ(CanonicalEcosystem("Alpine:v3.18"), "Alpine:v3.18");
  EXPECT_EQ(CanonicalEcosystem("Red Hat"), "Red Hat");
}

TEST(OsvTest, ARecordIsReadWhole) {
  const Advisory advisory = Parse(R"({
    "schema_version": "1.6.0", "id": "DSA-1-1", "modified": "2024-01-01",
    "summary": "curl - security update\nmore", "aliases": [],
    "related": ["CVE-2023-2", "CVE-2023-1", "DLA-9"],
    "affected": [
      {"package": {"ecosystem": "Debian:12", "name": "curl"},
       "ranges": [
         {"type": "ECOSYSTEM", "events": [{"introduced": "0"},
          {"fixed": "7.88-1"}, {"introduced": "8.0"},
          {"last_affected": "8.1"}]},
         {"type": "GIT", "repo": "x", "events": [{"introduced": "0"}]}],
       "versions": ["7.0-1"]},
      {"ranges": [{"type": "GIT", "events": []}]}]})");
  EXPECT_EQ(advisory.details.id, "DSA-1-1");
  EXPECT_EQ(advisory.details.summary, "curl - security update");
  EXPECT_THAT(advisory.details.aliases,
              ElementsAre("CVE-2023-1", "CVE-2023-2"));
  EXPECT_EQ(advisory.details.severity, model::Severity::kUnknown);
  Affected expected;
  expected.ecosystem = "Debian:12";
  expected.package = "curl";
  expected.ranges = {{{EventKind::kIntroduced, "0"},
                      {EventKind::kFixed, "7.88-1"},
                      {EventKind::kIntroduced, "8.0"},
                      {EventKind::kLastAffected, "8.1"}}};
  expected.versions = {"7.0-1"};
  EXPECT_THAT(advisory.affected, ElementsAre(expected));
}

TEST(OsvTest, AWithdrawnRecordSaysSo) {
  const OsvRecord record =
      ParseOsv(R"({"id": "X-1", "withdrawn": "2024-01-01T00:00:00Z",
                   "affected": [{"package": {"ecosystem": "Debian:12",
                                             "name": "curl"}}]})");
  EXPECT_TRUE(record.withdrawn);
  EXPECT_THAT(record.advisory.affected, IsEmpty());
}

TEST(OsvTest, CvesOfTheIdAndOfUpstreamGoFirst) {
  EXPECT_THAT(DetailsOf("UBUNTU-CVE-2021-3782",
                        R"("upstream": ["CVE-2021-3782"],
                           "related": ["USN-5614-1", "CVE-1999-1"])")
                  .aliases,
              ElementsAre("CVE-2021-3782"));
  EXPECT_THAT(DetailsOf("USN-5614-1", R"("upstream": ["UBUNTU-CVE-2021-3782"])")
                  .aliases,
              ElementsAre("CVE-2021-3782", "UBUNTU-CVE-2021-3782"));
  EXPECT_THAT(
      DetailsOf("ALPINE-CVE-2023-1", R"("aliases": ["GHSA-a"])").aliases,
      ElementsAre("CVE-2023-1", "GHSA-a"));
  EXPECT_THAT(DetailsOf("CVE-2023-1", R"("related": ["CVE-2023-2"])").aliases,
              IsEmpty());
}

TEST(OsvTest, TheDistributionsWordGoesBeforeVectors) {
  const std::string critical =
      R"({"type": "CVSS_V3",
          "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"})";
  EXPECT_EQ(DetailsOf("X", R"("severity": [)" + critical + "]").severity,
            model::Severity::kCritical);
  EXPECT_EQ(DetailsOf("X", R"("severity": [)" + critical +
                               R"(, {"type": "Ubuntu", "score": "low"}])")
                .severity,
            model::Severity::kLow);
  EXPECT_EQ(DetailsOf("X", R"("summary": "Important: kernel update",
                              "severity": [)" +
                               critical + "]")
                .severity,
            model::Severity::kHigh);
  EXPECT_EQ(DetailsOf("X", R"("summary": "kernel: update")").severity,
            model::Severity::kUnknown);
  EXPECT_EQ(DetailsOf("X", R"("database_specific": {"severity": "MODERATE"})")
                .severity,
            model::Severity::kMedium);
}

TEST(OsvTest, TheNewestVectorCountsAndBrokenOnesDoNot) {
  EXPECT_EQ(DetailsOf("X", R"("severity": [
      {"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:C/I:C/A:C"},
      {"type": "CVSS_V3",
       "score": "CVSS:3.0/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N"},
      {"type": "CVSS_V4", "score": "broken"}])")
                .severity,
            model::Severity::kMedium);
}

TEST(OsvTest, UrgencyIsThePackages) {
  EXPECT_EQ(AffectedOf(R"("ecosystem_specific": {"urgency": "unimportant"})")
                .severity,
            model::Severity::kNegligible);
  EXPECT_EQ(
      AffectedOf(R"("ecosystem_specific": {"urgency": "low**"})").severity,
      model::Severity::kLow);
  EXPECT_EQ(
      AffectedOf(R"("ecosystem_specific": {"urgency": "not yet assigned"})")
          .severity,
      model::Severity::kUnknown);
}

TEST(OsvTest, TheModuleIsSaidByItselfOrByTheSummary) {
  const std::string modular =
      R"("ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"},
          {"fixed": "1:14.21-2.module_el8"}]}])";
  EXPECT_THAT(AffectedOf(modular +
                         R"(, "ecosystem_specific":
                              {"rpm_modularity": "nodejs:16"})")
                  .modules,
              ElementsAre("nodejs:16"));
  EXPECT_THAT(
      AffectedOf(modular,
                 "Moderate: nodejs:14, nodejs-devel:14 and x security update")
          .modules,
      ElementsAre("nodejs:14", "nodejs-devel:14"));
  EXPECT_THAT(
      AffectedOf(R"("versions": ["1"])", "Moderate: pam:1.5.1 security update")
          .modules,
      IsEmpty());
}

TEST(OsvTest, WithoutASummaryTheDetailsFirstLineIsTaken) {
  EXPECT_EQ(DetailsOf("X", R"("details": " First.\nSecond.")").summary,
            "First.");
  const std::string summary = DetailsOf(
                                  "X", R"("details": ")" +
                                           [] {
                                             std::string words;
                                             for (int i = 0; i < 200; ++i)
                                               words += "word ";
                                             return words;
                                           }() +
                                           "\"")
                                  .summary;
  EXPECT_LE(summary.size(), 310u);
  EXPECT_TRUE(summary.ends_with("word ..."));
}

TEST(OsvTest, ABrokenRecordSaysWhatIsWrong) {
  const struct {
    std::string json;
    RecordProblem problem;
    const char* message;
  } kCases[] = {
      {"", RecordProblem::kNotJson, ""},
      {"{\"id\": \"X\"", RecordProblem::kNotJson, ""},
      {"{\"id\": \"\xFF\"}", RecordProblem::kNotJson, ""},
      {"[]", RecordProblem::kBadField, "the whole is no object"},
      {"{}", RecordProblem::kNoId, "no id"},
      {R"({"id": 7})", RecordProblem::kBadField, "id is no string"},
      {R"({"id": "X", "aliases": "CVE-1"})", RecordProblem::kBadField,
       "aliases is no array"},
      {R"({"id": "X", "affected": {}})", RecordProblem::kBadField,
       "affected is no array"},
      {R"({"id": "X", "affected": [1]})", RecordProblem::kBadField,
       "affected has a member"},
      {R"({"id": "X", "affected": [{"package": {"name": "a"}}]})",
       RecordProblem::kBadField, "no ecosystem"},
      {R"({"id": "X", "affected": [{"package": {"name": "a",
           "ecosystem": "Debian:12"}, "ranges": [{"type": "ECOSYSTEM",
           "events": [{"fixed": 2}]}]}]})",
       RecordProblem::kBadField, "fixed is no string"},
      {R"({"id": "X", "affected": [{"package": {"ecosystem": "Debian:12",
           "name": ")" +
           std::string(500, 'n') + "\"}}]}",
       RecordProblem::kLongName, "500 bytes"},
      {"{\"id\": " + std::string(100000, '[') + "}", RecordProblem::kTooDeep,
       "deeper than 64"},
      {std::string(kMaxRecord + 1, ' '), RecordProblem::kTooLarge, "bytes"},
  };
  for (const auto& c : kCases) {
    const OsvRecord record = ParseOsv(c.json);
    EXPECT_EQ(record.problem, c.problem)
        << c.json.substr(0, 80) << ": " << record.message;
    EXPECT_THAT(record.message, HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
