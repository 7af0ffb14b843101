#include "analyzer/advisory/ubuntu/ubuntu.h"

#include <map>
#include <set>
#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "analyzer/advisory/ubuntu/releases.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(UbuntuTrackerTest, EveryStatusIsAStanding) {
  const KeptRecords kept = ReadText(UbuntuTracker(),
                                    R"(PublicDateAtUSN: 2019-09-04
Candidate: CVE-2019-1
PublicDate: 2019-09-04 06:15:00 UTC
References:
 https://a.example/1
Description:
 In libexpat before 2.2.8, crafted XML
 input could fool.
Priority: medium
 because of this
CVSS:
 nvd: CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:N [5.5 MEDIUM]

Priority_b: low
Patches_a:
upstream_a: released (2.2.8)
precise/esm_a: ignored (end of ESM support, was needed)
trusty_a: ignored (reached end-of-life)
trusty/esm_a:needed
esm-infra/xenial_a: released (2.1-7ubuntu0.16.04.5+esm1)
xenial_a: ignored (too intrusive)
bionic_a: released (2.2-3)
disco_a: not-affected (code not present)
eoan_a: pending (2.2-4)
focal_a: DNE
jammy_a: needs-triage
noble_b: deferred (2017-08-01)
fips-updates/jammy_b: needed
vivid/ubuntu-core_b: needed
devel_b: needed
snap_b: released
oracular_b: released
)");
  const Advisory& advisory = WithId(kept, "CVE-2019-1");
  EXPECT_EQ(
      Told(advisory),
      "Ubuntu:Pro:12.04 a [>=0] end of life (ignored: end of ESM support, "
      "was needed)\n"
      "Ubuntu:14.04 a [>=0] end of life (ignored: reached end-of-life)\n"
      "Ubuntu:Pro:14.04 a [>=0]\n"
      "Ubuntu:Pro:16.04 a [>=0 <2.1-7ubuntu0.16.04.5+esm1]\n"
      "Ubuntu:16.04 a [>=0] will not fix (ignored: too intrusive)\n"
      "Ubuntu:18.04 a [>=0 <2.2-3]\n"
      "Ubuntu:19.04 a [>=0] not affected (not-affected: code not present)\n"
      "Ubuntu:19.10 a [>=0] deferred (pending: 2.2-4)\n"
      "Ubuntu:22.04 a [>=0] under investigation (needs-triage)\n"
      "Ubuntu:24.04 b [>=0] deferred Low (deferred: 2017-08-01)\n"
      "Ubuntu:Pro:FIPS-updates:22.04 b [>=0] Low");
  EXPECT_EQ(advisory.details.severity, model::Severity::kMedium);
  EXPECT_EQ(advisory.details.published, "2019-09-04T06:15:00Z");
  EXPECT_EQ(advisory.details.summary,
            "In libexpat before 2.2.8, crafted XML input could fool.");
  EXPECT_THAT(advisory.details.cvss,
              ElementsAre(CvssVector{
                  "nvd", "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:N"}));
  EXPECT_THAT(advisory.details.references,
              ElementsAre("https://ubuntu.com/security/CVE-2019-1",
                          "https://a.example/1"));
}

TEST(UbuntuTrackerTest, BrokenAndRejectedRecordsAreCounted) {
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("xenial_a: needed\n"),
        "Candidate: CVE-2019-1\nxenial_" + std::string(500, 'a') + ": needed\n",
        std::string("Candidate: CVE-2019-1\nxenial_: needed\n"),
        std::string(5 << 20, 'x')}) {
    EXPECT_THAT(ReadText(UbuntuTracker(), text).skipped, SizeIs(1))
        << text.substr(0, 40);
  }
  EXPECT_EQ(ReadText(UbuntuTracker(),
                     "Candidate: CVE-2019-1\nDescription:\n ** REJECT ** no\n")
                .withdrawn,
            1);
}

TEST(UbuntuTrackerTest, TheCorpussRecordsSayWhatTheFactsSay) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const std::string root = "vulndb/native/ubuntu-uct";
  const KeptRecords kept = ReadCorpus(UbuntuTracker(), root + "/raw");
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  EXPECT_THAT(kept.advisories, SizeIs(20));
  std::map<std::string, std::string> told;
  std::set<std::string> ids;
  for (const Advisory& advisory : kept.advisories) {
    ids.insert(advisory.details.id);
    for (const Affected& affected : advisory.affected) {
      const std::string key = base::StrCat(
          advisory.details.id, " ", affected.ecosystem, " ", affected.package);
      const bool fixed = affected.ranges.at(0).size() == 2;
      told[key] = fixed                        ? affected.ranges[0][1].version
                  : affected.statement.empty() ? "needed"
                                               : affected.statement;
    }
  }
  const testing::TempDir unpacked;
  const std::string facts = unpacked.path() + "/facts.tsv";
  testing::RunCommand(
      "gzip -dc '" + *testing::Corpus() + "/" + root +
      "/uct-facts-all.tsv.gz' | grep -E '^(cve|CVE-2016-)' > '" + facts + "'");
  size_t compared = 0;
  for (const auto& row : testing::ReadTsv(facts)) {
    const std::string ecosystem = UbuntuEcosystem(row.at(1));
    if (!ids.contains(row[0]) || ecosystem.empty()) continue;
    const std::string& status = row.at(3);
    const std::string& note = row.at(4);
    if (status == "released" && note.empty()) continue;
    const std::string expected = status == "released" || status == "needed"
                                     ? (note.empty() ? status : note)
                                 : note.empty() ? status
                                                : status + ": " + note;
    const std::string key = row[0] + " " + ecosystem + " " + row.at(2);
    EXPECT_EQ(told[key], expected) << key;
    ++compared;
  }
  EXPECT_GT(compared, 500u);
}

TEST(UbuntuTrackerTest, OthersSamplesAreRead) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const std::string root =
      "vulndb/native/samples/vuln-list-update/ubuntu/testdata/";
  EXPECT_EQ(Told(WithId(ReadCorpus(UbuntuTracker(), root + "include_pending"),
                        "CVE-2020-0009")),
            "Ubuntu:16.04 linux-oem [>=0] end of life "
            "(ignored: was needs-triage now end-of-life)\n"
            "Ubuntu:18.04 linux-oem [>=0 <4.15.0-1080.90]\n"
            "Ubuntu:19.10 linux-oem [>=0] deferred (pending: 4.15.0-1087.97)");
  EXPECT_EQ(
      Told(WithId(ReadCorpus(UbuntuTracker(), root + "no_space_before_status"),
                  "CVE-2019-15903")),
      "Ubuntu:14.04 vnc4 [>=0] end of life "
      "(ignored: out of standard support)\n"
      "Ubuntu:Pro:14.04 vnc4 [>=0]\n"
      "Ubuntu:16.04 vnc4 [>=0]\n"
      "Ubuntu:18.04 vnc4 [>=0]\n"
      "Ubuntu:19.04 vnc4 [>=0] not affected (not-affected: code not present)\n"
      "Ubuntu:19.10 vnc4 [>=0] not affected (not-affected: code not present)");
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
