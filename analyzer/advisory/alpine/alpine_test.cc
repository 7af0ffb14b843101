#include <map>
#include <string>

#include "analyzer/advisory/alpine/secdb.h"
#include "analyzer/advisory/alpine/unfixed.h"
#include "analyzer/advisory/feed_corpus.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kSamples[] = "vulndb/native/samples/";

TEST(AlpineSecdbTest, EveryFixIsAnEntryOfItsFlaw) {
  const KeptRecords kept = ReadText(AlpineSecdb(), R"json({"packages": [
      {"pkg": {"name": "xen", "secfixes": {
         "4.7-r0": ["CVE-2016-1 XSA-201", "XSA-207", "CVE_2017-2"],
         "4.10-r0": ["CVE-2016-1 (+ regression fix)"], "4.11-r0": {}}}},
      {"pkg": {"name": "curl", "secfixes": {"0": ["CVE-2016-1"],
         "7-r0": ["CVE 2018-9"]}}},
      {"pkg": {"name": "none", "secfixes": {}}}],
      "distroversion": "v3.12"})json");
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  EXPECT_THAT(kept.advisories, SizeIs(4));
  EXPECT_EQ(Told(WithId(kept, "CVE-2016-1")),
            "Alpine:v3.12 xen [>=0 <4.10-r0]\n"
            "Alpine:v3.12 curl [>=0] not affected");
  EXPECT_THAT(WithId(kept, "CVE-2016-1").details.aliases,
              ElementsAre("XSA-201"));
  EXPECT_EQ(Told(WithId(kept, "XSA-207")), "Alpine:v3.12 xen [>=0 <4.7-r0]");
  EXPECT_EQ(Told(WithId(kept, "CVE-2017-2")), "Alpine:v3.12 xen [>=0 <4.7-r0]");
  EXPECT_EQ(Told(WithId(kept, "CVE-2018-9")), "Alpine:v3.12 curl [>=0 <7-r0]");
}

TEST(AlpineSecdbTest, WhoseItIsIsToldByReleaseOrAddress) {
  const auto ecosystem = [](const std::string& members) {
    const KeptRecords kept = ReadText(
        AlpineSecdb(), "{" + members + R"(, "packages": [{"pkg": {"name": "a",
            "secfixes": {"1-r0": ["CVE-2016-1"]}}}]})");
    return kept.advisories.at(0).affected.at(0).ecosystem;
  };
  EXPECT_EQ(ecosystem(R"("distroversion": "edge")"), "Alpine:edge");
  EXPECT_EQ(ecosystem(R"("urlprefix": "https://packages.wolfi.dev")"), "Wolfi");
  EXPECT_EQ(ecosystem(R"("urlprefix": "https://packages.cgr.dev")"),
            "Chainguard");
  EXPECT_EQ(ecosystem(R"("urlprefix": "https://packages.mini.dev")"),
            "MinimOS");
}

TEST(AlpineSecdbTest, BrokenPackagesAreSkippedAndBrokenFilesAreErrors) {
  const KeptRecords kept = ReadText(AlpineSecdb(), R"({"distroversion": "v3.1",
      "packages": [7, {"pkg": {}}, {"pkg": {"name": "a", "secfixes": 7}},
      {"pkg": {"name": "b", "secfixes": {"1-r0": [["x"]]}}},
      {"pkg": {"name": "c", "secfixes": {"1-r0": ["no name"]}}},
      {"pkg": {"name": "d", "secfixes": {"1-r0": ["CVE-2016-1"]}}}]})");
  EXPECT_THAT(kept.skipped, SizeIs(5)) << FirstSkipped(kept);
  EXPECT_THAT(kept.advisories, SizeIs(1));
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{}"), std::string("- a"),
        std::string(R"({"packages": []})"),
        std::string(R"({"packages": 7, "distroversion": "v3.1"})"),
        std::string(R"({"packages": [], "distroversion": "v3.1")"),
        "{\"packages\": " + std::string(9999, '[')}) {
    EXPECT_FALSE(StatusOfText(AlpineSecdb(), text).ok()) << text.substr(0, 50);
  }
}

TEST(AlpineSecdbTest, TheCorpussReleasesAreReadWhole) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept =
      ReadCorpus(AlpineSecdb(), "vulndb/native/alpine-secdb");
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  // Counted with another reader of YAML.
  EXPECT_EQ(kept.advisories.size(), 11461u);
  size_t entries = 0, not_affected = 0;
  for (const Advisory& advisory : kept.advisories) {
    entries += advisory.affected.size();
    for (const Affected& affected : advisory.affected) {
      not_affected += affected.standing == Standing::kNotAffected ? 1 : 0;
    }
  }
  EXPECT_EQ(entries, 11888u);
  EXPECT_EQ(not_affected, 5u);
}

// "package fixed" by CVE.
std::map<std::string, std::string> FixesOf(const KeptRecords& kept) {
  std::map<std::string, std::string> fixes;
  for (const Advisory& advisory : kept.advisories) {
    for (const Affected& affected : advisory.affected) {
      fixes[base::StrCat(advisory.details.id, " ", affected.package)] =
          affected.ranges.at(0).back().version;
    }
  }
  return fixes;
}

void ExpectVunnelsSnapshots(const KeptRecords& kept, const std::string& folder,
                            size_t count) {
  const auto fixes = FixesOf(kept);
  size_t seen = 0;
  const std::string listing = testing::RunCommand(
      "ls '" + *testing::Corpus() + "/" + kSamples + folder + "'");
  for (const std::string_view name : base::Split(base::Strip(listing), '\n')) {
    const auto json = nlohmann::json::parse(testing::ReadFile(
        base::StrCat(*testing::Corpus(), "/", kSamples, folder, "/", name)));
    const auto& flaw = json["item"]["Vulnerability"];
    for (const auto& fix : flaw["FixedIn"]) {
      const std::string key = flaw["Name"].get<std::string>() + " " +
                              fix["Name"].get<std::string>();
      ASSERT_TRUE(fixes.contains(key)) << key;
      EXPECT_EQ(fixes.at(key), fix["Version"].get<std::string>()) << key;
      ++seen;
    }
  }
  EXPECT_EQ(seen, count);
  EXPECT_EQ(fixes.size(), count);
}

TEST(AlpineSecdbTest, FixesAreThoseThatOthersFind) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const std::string folder = std::string(kSamples) + "vunnel/alpine/";
  ExpectVunnelsSnapshots(
      ReadCorpus(AlpineSecdb(), folder + "test-fixtures/input/secdb"),
      "vunnel/alpine/test-fixtures/snapshots/3.15", 16);
}

TEST(AlpineSecdbTest, OthersReleasesAreReadToo) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const std::string root = std::string(kSamples) + "vuln-list-update/";
  for (const auto& [path, told] : std::map<std::string, std::string>{
           {"wolfi", "Wolfi binutils [>=0 <2.39-r2]"},
           {"chainguard", "Chainguard binutils [>=0 <2.39-r2]"},
           {"minimos", "MinimOS binutils [>=0 <2.39-r2]"}}) {
    const KeptRecords kept =
        ReadCorpus(AlpineSecdb(), root + path + "/testdata/security.json");
    EXPECT_EQ(Told(WithId(kept, "CVE-2022-38533")), told);
    EXPECT_THAT(kept.advisories, SizeIs(3));
  }
  const KeptRecords clair =
      ReadCorpus(AlpineSecdb(), std::string(kSamples) +
                                    "claircore/alpine/testdata/fetch/v3.10/"
                                    "community.json");
  EXPECT_THAT(clair.skipped, IsEmpty()) << FirstSkipped(clair);
  EXPECT_EQ(clair.advisories.size(), 9u);
}

TEST(AlpineUnfixedTest, AffectedIsWhatHasNoFix) {
  const KeptRecords kept = ReadText(AlpineUnfixed(), R"({"id": "CVE-2019-1",
      "description": "bad", "cvss3": {"score": 8.8,
      "vector": "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"},
      "ref": [{"rel": "https://a.example"}], "state": [
      {"repo": "3.13-community", "packageName": "jenkins", "fixed": false,
       "packageVersion": "2.2-r0"},
      {"repo": "3.14-community", "packageName": "jenkins", "fixed": true,
       "packageVersion": "2.3-r0"},
      {"repo": "edge-main", "packageName": "jenkins", "fixed": false,
       "packageVersion": "2.4-r0"}]})");
  EXPECT_EQ(Told(WithId(kept, "CVE-2019-1")),
            "Alpine:v3.13 jenkins [>=2.2-r0]\n"
            "Alpine:edge jenkins [>=2.4-r0]");
  EXPECT_EQ(kept.advisories[0].details.severity, model::Severity::kHigh);
}

TEST(AlpineUnfixedTest, BrokenFilesAreSkipped) {
  for (const char* text :
       {"", "[]", "{}", R"({"id": "CVE-1", "state": 7})",
        R"({"id": "CVE-1", "state": [{"fixed": "no"}]})",
        R"({"id": "CVE-1", "state": [{"fixed": false, "repo": "3.1-main"}]})",
        R"({"id": "CVE-1", "state": [{"fixed": false, "repo": ""}]})"}) {
    EXPECT_THAT(ReadText(AlpineUnfixed(), text).skipped, SizeIs(1)) << text;
  }
}

TEST(AlpineUnfixedTest, TheCorpussStatesAreThoseThatOthersFind) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const testing::TempDir unpacked;
  testing::RunCommand("tar xzf '" + *testing::Corpus() + "/" + kSamples +
                      "vuln-list-update/alpine-unfixed/testdata/happy/"
                      "all.tar.gz' -C '" +
                      unpacked.path() + "'");
  const KeptRecords kept = ReadText(
      AlpineUnfixed(),
      testing::ReadFile(unpacked.path() + "/data/CVE-2019-1003051.json"));
  EXPECT_EQ(Told(WithId(kept, "CVE-2019-1003051")),
            "Alpine:v3.13 jenkins [>=2.287-r0]\n"
            "Alpine:v3.14 jenkins [>=2.297-r0]\n"
            "Alpine:edge jenkins [>=2.297-r0]");
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
