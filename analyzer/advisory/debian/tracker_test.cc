#include "analyzer/advisory/debian/tracker.h"

#include <map>
#include <string>

#include "analyzer/advisory/debian/tracker_list.h"
#include "analyzer/advisory/feed_corpus.h"
#include "analyzer/version/dpkg.h"
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

TEST(DebianTrackerJsonTest, EveryStatusIsAStanding) {
  const KeptRecords kept = ReadText(DebianTracker(), R"({"curl": {
      "CVE-2023-1": {"scope": "remote", "description": "bad", "releases": {
        "bookworm": {"status": "resolved", "fixed_version": "7.88-1",
                     "urgency": "high**", "repositories": {}},
        "bullseye": {"status": "open", "urgency": "unimportant"},
        "buster": {"status": "open", "urgency": "end-of-life"},
        "forky": {"status": "open", "nodsa": "Minor issue",
                  "nodsa_reason": "", "urgency": "not yet assigned"},
        "jessie": {"status": "open", "nodsa": "Minor", "nodsa_reason":
                   "postponed"},
        "sid": {"status": "undetermined"},
        "stretch": {"status": "open", "nodsa": "Minor",
                    "nodsa_reason": "ignored"},
        "trixie": {"status": "resolved", "fixed_version": "0"}}}}})");
  const Advisory& advisory = WithId(kept, "CVE-2023-1");
  EXPECT_EQ(Told(advisory),
            "Debian:12 curl [>=0 <7.88-1] High\n"
            "Debian:11 curl [>=0] Negligible\n"
            "Debian:10 curl [>=0] end of life\n"
            "Debian:14 curl [>=0] (no-dsa: Minor issue)\n"
            "Debian:8 curl [>=0] deferred (postponed: Minor)\n"
            "Debian:sid curl [>=0] under investigation\n"
            "Debian:9 curl [>=0] will not fix (ignored: Minor)\n"
            "Debian:13 curl [>=0] not affected");
  EXPECT_EQ(advisory.details.summary, "bad");
  EXPECT_THAT(advisory.details.references,
              ElementsAre("https://security-tracker.debian.org/tracker/"
                          "CVE-2023-1"));
}

TEST(DebianTrackerJsonTest, BrokenRecordsAreSkippedAndBrokenFilesAreErrors) {
  const KeptRecords kept = ReadText(DebianTracker(), R"({"a": {"CVE-1": 7,
      "CVE-2": {}, "CVE-3": {"releases": {"sid": {}}},
      "CVE-4": {"releases": {"nowhere": {"status": "open"}}},
      "CVE-5": {"releases": {"sid": {"status": "resolved"}}},
      "CVE-6": {"releases": {"sid": {"status": "open"}}}}})");
  EXPECT_THAT(kept.skipped, SizeIs(4)) << FirstSkipped(kept);
  EXPECT_THAT(kept.advisories, SizeIs(1));
  for (const std::string& text :
       {std::string("{"), std::string(R"({"a": {"CVE-1": {"releases": {)"),
        "{\"a\": " + std::string(9999, '['), std::string("[]"), std::string(),
        std::string("<html>")}) {
    EXPECT_FALSE(StatusOfText(DebianTracker(), text).ok())
        << text.substr(0, 40);
  }
}

TEST(DebianTrackerJsonTest, FixesAreThoseThatOthersFind) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept = ReadCorpus(
      DebianTracker(),
      std::string(kSamples) + "vunnel/debian/test-fixtures/input/debian.json");
  // One of its flaws is broken on purpose.
  EXPECT_THAT(kept.skipped, SizeIs(1)) << FirstSkipped(kept);
  std::map<std::string, std::string> told;
  for (const Advisory& advisory : kept.advisories) {
    for (const Affected& affected : advisory.affected) {
      const bool open = affected.ranges.at(0).size() == 1;
      told[base::StrCat(affected.ecosystem, " ", advisory.details.id, " ",
                        affected.package)] =
          affected.standing == Standing::kNotAffected ? "0"
          : open                                      ? "None"
                 : affected.ranges[0][1].version;
    }
  }
  size_t compared = 0;
  // Its snapshots of Debian 7 come of another feed, kept from before.
  for (const char* release : {"8", "9", "10", "11", "12", "13", "unstable"}) {
    const std::string folder = *testing::Corpus() + "/" + kSamples +
                               "vunnel/debian/test-fixtures/snapshots/debian_" +
                               release;
    const std::string names = testing::RunCommand("ls '" + folder + "'");
    for (const std::string_view name : base::Split(base::Strip(names), '\n')) {
      const auto json = nlohmann::json::parse(
          testing::ReadFile(base::StrCat(folder, "/", name)));
      const auto& flaw = json["item"]["Vulnerability"];
      // It is of another input.
      if (flaw["Name"] == "CVE-2012-0833") continue;
      for (const auto& fix : flaw["FixedIn"]) {
        const std::string key = base::StrCat(
            "Debian:",
            std::string_view(release) == "unstable" ? "sid" : release, " ",
            flaw["Name"].get<std::string>(), " ",
            fix["Name"].get<std::string>());
        EXPECT_EQ(told[key], fix["Version"].get<std::string>()) << key;
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 25u);
}

TEST(DebianTrackerListTest, NotesAreReadWithVersionReasonAndUrgency) {
  const auto fixed = ParseTrackerNote("- putty 0.75-3 (low; bug #990901)");
  ASSERT_TRUE(fixed);
  EXPECT_EQ(fixed->package, "putty");
  EXPECT_EQ(fixed->kind, "fixed");
  EXPECT_EQ(fixed->version, "0.75-3");
  EXPECT_EQ(fixed->severity, model::Severity::kLow);
  EXPECT_EQ(fixed->reason, "");
  const auto no_dsa =
      ParseTrackerNote("[bullseye] - putty <no-dsa> (Minor issue)");
  ASSERT_TRUE(no_dsa);
  EXPECT_EQ(no_dsa->release, "bullseye");
  EXPECT_EQ(no_dsa->kind, "no-dsa");
  EXPECT_EQ(no_dsa->reason, "Minor issue");
  for (const char* line : {"- ", "[", "[] - a 1", "[x] a 1", "- a <unfixed",
                           "- a latest", "-a 1"}) {
    EXPECT_FALSE(ParseTrackerNote(line)) << line;
  }
}

constexpr char kCves[] = R"(CVE-2023-1111 (Something in foo ...)
	{DSA-1-1}
	- foo 1.15.3-2 (medium; bug #1053115)
	[bookworm] - foo 1.13.1-2+deb12u1
	[bullseye] - foo <no-dsa> (Minor issue)
	[buster] - foo <ignored> (too hard)
	[stretch] - foo <not-affected> (Vulnerable code not present)
	[experimental] - foo 2.0-1
	NOTE: https://example.org
CVE-2023-XXXX [no number yet]
	- bar <unfixed> (unimportant)
	- baz <itp> (bug #1)
CVE-2023-2222 (Not for Debian)
	NOT-FOR-US: something
CVE-2023-3333
	REJECTED
)";
constexpr char kDsas[] = R"([29 Mar 2023] DSA-1-1 foo - security update
	{CVE-2023-1111 CVE-2023-4444}
	[bullseye] - foo 1.10-1+deb11u1
	[bookworm] - foo 1.13.1-2
[30 Mar 2023] DSA-1-2 foo - regression update
	[bullseye] - foo 1.10-1+deb11u2
[31 Mar 2023] DSA-2-1 qux - security update
	[bullseye] - qux 3-1
)";

TEST(DebianTrackerListTest, TheListsAreJoined) {
  KeptRecords kept;
  const auto reader = DebianTracker().NewReader();
  TextFile cves("CVE/list", kCves), dsas("DSA/list", kDsas);
  ASSERT_TRUE(reader->Read(cves, kept).ok());
  ASSERT_TRUE(reader->Read(dsas, kept).ok());
  ASSERT_TRUE(reader->Finish(kept).ok());
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  EXPECT_EQ(kept.withdrawn, 1);
  EXPECT_THAT(kept.advisories, SizeIs(4));
  EXPECT_EQ(Told(WithId(kept, "CVE-2023-1111")),
            "Debian foo [>=0 <1.15.3-2] Medium\n"
            "Debian:12 foo [>=0 <1.13.1-2+deb12u1] Medium\n"
            "Debian:11 foo [>=0 <1.10-1+deb11u1] Medium (DSA-1-1)\n"
            "Debian:10 foo [>=0] will not fix Medium (ignored: too hard)\n"
            "Debian:9 foo [>=0] not affected Medium "
            "(not-affected: Vulnerable code not present)");
  EXPECT_EQ(Told(WithId(kept, "CVE-2023-4444")),
            "Debian:11 foo [>=0 <1.10-1+deb11u1] (DSA-1-1)\n"
            "Debian:12 foo [>=0 <1.13.1-2] (DSA-1-1)");
  const Advisory& own = WithId(kept, "DSA-2-1");
  EXPECT_EQ(Told(own), "Debian:11 qux [>=0 <3-1]");
  EXPECT_EQ(own.details.published, "2023-03-31T00:00:00Z");
  EXPECT_TRUE(std::any_of(kept.advisories.begin(), kept.advisories.end(),
                          [](const auto& a) {
                            return a.details.id.starts_with("TEMP-2023-") &&
                                   Told(a) == "Debian bar [>=0] Negligible";
                          }));
}

TEST(DebianTrackerListTest, BrokenLinesAreSkippedAndBrokenFilesAreErrors) {
  const KeptRecords kept = ReadText(DebianTracker(),
                                    "CVE-2023-1111 (x)\n"
                                    "\t- foo version\n"
                                    "\t[bookworm - foo 1\n"
                                    "\t- foo 1-1\n"
                                    "something else\n"
                                    "\t- lost 1-1\n");
  EXPECT_THAT(kept.skipped, SizeIs(3)) << FirstSkipped(kept);
  EXPECT_EQ(Told(WithId(kept, "CVE-2023-1111")), "Debian foo [>=0 <1-1]");
  for (const std::string& text : {std::string(""), std::string("<html>\n"),
                                  "CVE-1 (" + std::string(2 << 20, 'x')}) {
    EXPECT_FALSE(StatusOfText(DebianTracker(), text).ok());
  }
}

TEST(DebianTrackerListTest, TheCorpussListsAreReadWhole) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept =
      ReadCorpus(DebianTracker(), "vulndb/native/debian-tracker");
  // A note of DSA-423 has a name where its version should be; twelve flaws.
  EXPECT_THAT(kept.skipped, SizeIs(1)) << FirstSkipped(kept);
  // Counted with another reader: flaws that 9,148 advisories name, and 239
  // advisories that name none.
  EXPECT_EQ(kept.advisories.size(), 18391u + 239);
  std::map<std::string, std::string> told;
  size_t entries = 0;
  for (const Advisory& advisory : kept.advisories) {
    if (advisory.details.id.starts_with("CVE-")) {
      entries += advisory.affected.size();
    }
    for (const Affected& affected : advisory.affected) {
      if (affected.ranges.at(0).size() != 2) continue;
      told[base::StrCat(advisory.details.id, " ", affected.ecosystem, " ",
                        affected.package)] = affected.ranges[0][1].version;
    }
  }
  EXPECT_EQ(entries, 34452u - 12);
  // The largest version of each (CVE, release, package), from the facts.
  std::map<std::string, std::string> facts;
  for (const auto& row :
       testing::ReadTsv(*testing::Corpus() +
                        "/vulndb/native/debian-tracker/dsa-dla-facts.tsv")) {
    // It has no numbers for releases before 5.
    if (row.size() < 7 || row[3].empty() || row[5].empty() ||
        row[5][0] == '<') {
      continue;
    }
    for (const std::string_view cve : base::Split(row[6], ' ')) {
      if (!cve.starts_with("CVE-")) continue;
      std::string& known =
          facts[base::StrCat(cve, " Debian:", row[3], " ", row[4])];
      if (known.empty() || version::CompareDpkg(known, row[5]) < 0) {
        known = row[5];
      }
    }
  }
  EXPECT_EQ(facts.size(), 29897u);
  size_t different = 0;
  for (const auto& [key, version] : facts) {
    const auto ours = told.find(key);
    if (ours != told.end() && ours->second == version) continue;
    if (++different < 10) {
      ADD_FAILURE() << key << " " << version << " "
                    << (ours == told.end() ? "" : ours->second);
    }
  }
  EXPECT_EQ(different, 0u);
}

TEST(DebianTrackerListTest, OthersListsAreReadToo) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept =
      ReadCorpus(DebianTracker(),
                 std::string(kSamples) +
                     "vuln-list-update/debian/tracker/testdata/happy/data");
  EXPECT_THAT(kept.skipped, SizeIs(1)) << FirstSkipped(kept);  // on purpose
  EXPECT_EQ(Told(WithId(kept, "CVE-2021-36373")),
            "Debian ant [>=0] Negligible");
  EXPECT_EQ(Told(WithId(kept, "CVE-2021-36367")),
            "Debian putty [>=0 <0.75-3] Low\n"
            "Debian:11 putty [>=0] Low (no-dsa: Minor issue)\n"
            "Debian:10 putty [>=0] Low (no-dsa: Minor issue)");
  EXPECT_EQ(Told(WithId(kept, "CVE-2019-10192")),
            "Debian:9 redis [>=0 <3:3.2.6-3+deb9u3] (DSA-4480-1)\n"
            "Debian:10 redis [>=0 <5:5.0.3-4+deb10u1] (DSA-4480-1)");
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
