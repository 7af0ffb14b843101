#include "analyzer/advisory/node/security_wg.h"

#include <map>
#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "analyzer/advisory/osv/osv_format.h"
#include "analyzer/version/semver.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(NodeSecurityWgTest, APackagesFlawIsAnAdvisory) {
  const KeptRecords kept = ReadText(NodeSecurityWg(), R"({"id": 99,
      "title": "bad", "module_name": "engine.io-client", "cves": ["CVE-2016-1"],
      "publish_date": "2016-04-26", "updated_at": "2016-05-13",
      "vulnerable_versions": "<= 1.6.8 || 2.0.x", "patched_versions":
      ">= 2.0.5", "references": null,
      "cvss_vector": "CVSS:3.0/AV:A/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N",
      "cvss_score": 6.8})",
                                    "vuln/npm/99.json");
  const Advisory& advisory = WithId(kept, "NSWG-ECO-99");
  EXPECT_EQ(Told(advisory),
            "npm engine.io-client [>=0 <=1.6.8] [>=2.0 <2.0.5]");
  EXPECT_EQ(advisory.details.severity, model::Severity::kMedium);
  EXPECT_EQ(advisory.details.published, "2016-04-26T00:00:00Z");
  EXPECT_THAT(advisory.details.aliases, ElementsAre("CVE-2016-1"));
}

TEST(NodeSecurityWgTest, NodesOwnFlawIsOfTheProduct) {
  const KeptRecords kept = ReadText(NodeSecurityWg(), R"({
      "cve": ["CVE-2017-1000381"], "vulnerable": "8.x || 4.x",
      "patched": "^8.1.4 || ^4.8.4", "severity": "high",
      "description": "memory overread", "ref": "https://nodejs.org/x"})",
                                    "core/1.json");
  const Advisory& advisory = WithId(kept, "NSWG-CORE-1");
  EXPECT_EQ(Told(advisory), "CPE nodejs:node.js [>=4 <4.8.4] [>=8 <8.1.4]");
  EXPECT_EQ(advisory.details.severity, model::Severity::kHigh);
}

TEST(NodeSecurityWgTest, BrokenRecordsAreSkipped) {
  for (const char* text :
       {"", "[]", "{", "{}", R"({"module_name": 7})",
        R"({"module_name": "a", "vulnerable_versions": ""})",
        R"({"module_name": "a", "vulnerable_versions": "<script>"})",
        R"({"vulnerable": {"a": 1}})"}) {
    EXPECT_THAT(ReadText(NodeSecurityWg(), text, "1.json").skipped, SizeIs(1))
        << text;
  }
}

TEST(NodeSecurityWgTest, TheCorpussRecordsAreRead) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const KeptRecords kept =
      ReadCorpus(NodeSecurityWg(), "vulndb/native/nodejs-security-wg.zip");
  EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  EXPECT_EQ(kept.advisories.size(), 467u + 171u);
  // The same packages' flaws in OSV's form, by another reader.
  std::map<std::string, Advisory> osv;
  for (const Advisory& advisory :
       ReadCorpus(OsvFormat(), "vulndb/osv/npm/partial.zip").advisories) {
    osv[advisory.details.id] = advisory;
  }
  size_t compared = 0, different = 0;
  for (const Advisory& advisory : kept.advisories) {
    const auto other = osv.find(advisory.details.id);
    if (other == osv.end()) continue;
    ++compared;
    const std::string version =
        DisputedVersion(advisory.affected.at(0), other->second.affected.at(0),
                        &version::CompareSemver);
    different += version.empty() ? 0 : 1;
  }
  EXPECT_EQ(compared, 467u);
  // The other takes no notice of what is patched (NSWG-ECO-357, -400, -490,
  // -495), and takes ">" for ">=" (-92, -98, -336).
  EXPECT_EQ(different, 7u);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
