#include "analyzer/advisory/osv/osv_format.h"

#include <set>
#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Advisory Parse(const std::string& json) {
  const KeptRecords kept = ReadText(OsvFormat(), json);
  EXPECT_THAT(kept.advisories, SizeIs(1)) << FirstSkipped(kept);
  return kept.advisories.empty() ? Advisory() : kept.advisories[0];
}

TEST(OsvFormatTest, AllThatTheRecordSaysIsKept) {
  const Advisory advisory = Parse(R"({
    "id": "GHSA-1", "published": "2024-01-02T03:04:05.123Z",
    "modified": "2024-02-02T03:04:05Z", "summary": "bad",
    "severity": [
      {"type": "CVSS_V3",
       "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
      {"type": "CVSS_V4", "score": "nonsense"}],
    "references": [
      {"type": "WEB", "url": "https://blog.example/x"},
      {"type": "ADVISORY", "url": "https://nvd.example/CVE-1"},
      {"type": "ADVISORY", "url": "https://github.com/advisories/GHSA-1"},
      {"type": "WEB", "url": "file:///etc/passwd"}],
    "database_specific": {"cwe_ids": ["CWE-79", "CWE-80"],
                          "severity": "LOW"},
    "affected": [{"package": {"ecosystem": "PyPI", "name": "Foo_.Bar"},
                  "versions": ["1"]}]})");
  EXPECT_EQ(advisory.details.published, "2024-01-02T03:04:05Z");
  EXPECT_EQ(advisory.details.modified, "2024-02-02T03:04:05Z");
  EXPECT_EQ(advisory.details.severity, model::Severity::kLow);
  EXPECT_THAT(advisory.details.cvss,
              ElementsAre(CvssVector{
                  "", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}));
  EXPECT_THAT(advisory.details.cwes, ElementsAre("CWE-79", "CWE-80"));
  EXPECT_THAT(
      advisory.details.references,
      ElementsAre("https://github.com/advisories/GHSA-1",
                  "https://nvd.example/CVE-1", "https://blog.example/x"));
  EXPECT_FALSE(advisory.details.malicious);
  EXPECT_EQ(Told(advisory), "PyPI foo-bar =1");
}

TEST(OsvFormatTest, AMaliciousPackageSaysSo) {
  const Advisory advisory = Parse(R"({
    "id": "MAL-2024-1", "affected": [
      {"package": {"ecosystem": "npm", "name": "evil"},
       "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
       "database_specific": {"cwes": [{"cweId": "CWE-506"}]}}]})");
  EXPECT_TRUE(advisory.details.malicious);
  EXPECT_THAT(advisory.details.cwes, ElementsAre("CWE-506"));
}

TEST(OsvFormatTest, ARangeWithoutAFixEndsAtTheLastKnownVersion) {
  const auto told = [](const std::string& events, const std::string& last) {
    return Told(Parse(R"({"id": "X", "affected": [{
        "package": {"ecosystem": "npm", "name": "a"},
        "ranges": [{"type": "ECOSYSTEM", "events": [)" +
                      events + R"(]}], "database_specific": {
        "last_known_affected_version_range": ")" +
                      last + "\"}}]}"));
  };
  EXPECT_EQ(told(R"({"introduced": "0"})", "<= 9.0.5"), "npm a [>=0 <=9.0.5]");
  EXPECT_EQ(told(R"({"introduced": "2"})", "< 2.1.3"), "npm a [>=2 <2.1.3]");
  EXPECT_EQ(told(R"({"introduced": "0"}, {"fixed": "3"})", "<= 2"),
            "npm a [>=0 <3]");
  EXPECT_EQ(told(R"({"introduced": "0"})", "all"), "npm a [>=0]");
}

TEST(OsvFormatTest, SusesBinaryPackagesHaveEntriesOfTheirOwn) {
  const Advisory advisory = Parse(R"({"id": "SUSE-SU-1", "affected": [{
      "package": {"ecosystem": "SUSE:Linux Enterprise Server 15 SP5",
                  "name": "zlib"},
      "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"},
                                                  {"fixed": "1.2-9"}]}],
      "ecosystem_specific": {"binaries": [{"libz1": "1.2-9",
                                           "zlib-devel": "1.2-9"}]}}]})");
  EXPECT_EQ(Told(advisory),
            "SUSE:Linux Enterprise Server 15 SP5 libz1 [>=0 <1.2-9]\n"
            "SUSE:Linux Enterprise Server 15 SP5 zlib-devel [>=0 <1.2-9]");
  ASSERT_THAT(advisory.affected, SizeIs(2));
  EXPECT_EQ(advisory.affected[0].names, NameKind::kBinary);
}

TEST(OsvFormatTest, UnmaintainedAndOutOfSupportAreEndOfLife) {
  EXPECT_EQ(Told(Parse(R"({"id": "RUSTSEC-1", "affected": [{
      "package": {"ecosystem": "crates.io", "name": "a"}, "versions": ["1"],
      "database_specific": {"informational": "unmaintained"}}, {
      "package": {"ecosystem": "crates.io", "name": "b"}, "versions": ["1"],
      "database_specific": {"informational": "unsound"}}, {
      "package": {"ecosystem": "Debian:10", "name": "c"}, "versions": ["1"],
      "ecosystem_specific": {"urgency": "end-of-life"}}]})")),
            "crates.io a =1 end of life (unmaintained)\n"
            "crates.io b =1 (unsound)\n"
            "Debian:10 c =1 end of life");
}

TEST(OsvFormatTest, EveryEcosystemHasOneSpelling) {
  const auto key = [](const std::string& ecosystem, const std::string& name) {
    const Advisory advisory =
        Parse(R"({"id": "X", "affected": [{"package": {"ecosystem": ")" +
              ecosystem + R"(", "name": ")" + name + R"("},
              "versions": ["1"]}]})");
    return Told(advisory);
  };
  EXPECT_EQ(key("bitnami", "php"), "Bitnami php =1");
  EXPECT_EQ(key("Maven:https://repo.example", "a:b"), "Maven a:b =1");
  EXPECT_EQ(key("NuGet", "Newtonsoft.Json"), "NuGet newtonsoft.json =1");
  EXPECT_EQ(key("Packagist", "Acme/Lib"), "Packagist acme/lib =1");
  EXPECT_EQ(key("SwiftURL", "https://github.com/Apple/swift-nio.git"),
            "SwiftURL github.com/apple/swift-nio =1");
  EXPECT_EQ(key("SUSE:Linux Enterprise Module for Basesystem 15 SP5", "a"),
            "SUSE:Linux Enterprise Server 15 SP5 a =1");
  EXPECT_EQ(key("openSUSE:Leap 15.5", "a"), "openSUSE:Leap 15.5 a =1");
  EXPECT_EQ(key("Ubuntu:Pro:18.04:LTS", "curl"), "Ubuntu:Pro:18.04 curl =1");
  EXPECT_EQ(key("RubyGems", "RedCloth"), "RubyGems RedCloth =1");
}

TEST(OsvFormatTest, BrokenAndWithdrawnRecordsAreCounted) {
  const KeptRecords broken = ReadText(OsvFormat(), R"({"id": )", "a/b.json");
  ASSERT_THAT(broken.skipped, SizeIs(1));
  EXPECT_EQ(broken.skipped[0].where, "a/b.json");
  EXPECT_EQ(broken.skipped[0].problem, RecordProblem::kNotJson);
  EXPECT_EQ(
      ReadText(OsvFormat(), R"({"id": "X", "withdrawn": "2024"})").withdrawn,
      1);
  const KeptRecords large =
      ReadText(OsvFormat(), std::string(kMaxRecord + 1, ' '));
  ASSERT_THAT(large.skipped, SizeIs(1));
  EXPECT_EQ(large.skipped[0].problem, RecordProblem::kTooLarge);
}

struct Feed {
  const char* path;
  size_t taken;
  int withdrawn;
  size_t entries;
  int undated = 0;
};
void PrintTo(const Feed& feed, std::ostream* out) { *out << feed.path; }

class OsvCorpusTest : public ::testing::TestWithParam<Feed> {};

TEST_P(OsvCorpusTest, EveryRecordIsRead) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const Feed& feed = GetParam();
  const KeptRecords kept =
      ReadCorpus(OsvFormat(), std::string("vulndb/osv/") + feed.path);
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  EXPECT_EQ(kept.advisories.size(), feed.taken);
  EXPECT_EQ(kept.withdrawn, feed.withdrawn);
  size_t entries = 0;
  int undated = 0;
  for (const Advisory& advisory : kept.advisories) {
    entries += advisory.affected.size();
    undated += advisory.details.modified.empty() ? 1 : 0;
  }
  EXPECT_EQ(entries, feed.entries);
  EXPECT_EQ(undated, feed.undated);
}

// Counted with another reader of JSON; entries of withdrawn records do not
// count. Three records have no "modified", or what is no time.
INSTANTIATE_TEST_SUITE_P(
    Feeds, OsvCorpusTest,
    ::testing::Values(Feed{"AlmaLinux/all.zip", 5637, 0, 71329},
                      Feed{"Debian-DSA-DLA/all.zip", 7689, 0, 8949},
                      Feed{"Go/all.zip", 4274, 17, 6106},
                      Feed{"PyPI/all.zip", 2651, 10, 2651},
                      Feed{"Ubuntu/all.zip", 27557, 0, 227695},
                      Feed{"crates.io/all.zip", 1192, 13, 1192},
                      Feed{"Packagist/all.zip", 1585, 0, 1585},
                      Feed{"Maven/partial.zip", 370, 0, 934, 2},
                      Feed{"npm/partial.zip", 472, 0, 485},
                      Feed{"mixed-samples.zip", 122, 5, 257, 1}));

}  // namespace
}  // namespace landwaiter::analyzer::advisory
