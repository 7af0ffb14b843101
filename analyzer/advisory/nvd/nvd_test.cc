#include "analyzer/advisory/nvd/nvd.h"

#include <string>

#include "analyzer/advisory/cpe_product.h"
#include "analyzer/advisory/feed_corpus.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

KeptRecords ReadCve(const std::string& members) {
  return ReadText(Nvd(), R"({"format": "NVD_CVE", "version": "2.0",
      "vulnerabilities": [{"cve": {"id": "CVE-2021-41773", )" +
                             members + "}}]}");
}

// What is told of a CVE of these matches.
std::string ToldOf(const std::string& matches, const std::string& more = "") {
  const KeptRecords kept = ReadCve(R"("configurations": [{)" + more +
                                   R"("nodes": [{"operator": "OR",
      "negate": false, "cpeMatch": [)" +
                                   matches + "]}]}]");
  EXPECT_THAT(kept.enrichments, SizeIs(1)) << FirstSkipped(kept);
  return kept.advisories.empty() ? "" : Told(kept.advisories[0]);
}

std::string Match(const std::string& name, const std::string& members = "") {
  return R"({"vulnerable": true, "criteria": "cpe:2.3:a:)" + name + "\"" +
         members + "}";
}

TEST(NvdTest, ACveIsAnEnrichment) {
  const KeptRecords kept = ReadCve(R"("published": "2021-10-05T09:15:07.593",
      "vulnStatus": "Analyzed", "descriptions": [
        {"lang": "es", "value": "malo"}, {"lang": "en", "value": "bad\nmore"}],
      "metrics": {"cvssMetricV2": [{"source": "nvd@nist.gov", "type": "Primary",
        "cvssData": {"vectorString": "AV:N/AC:M/Au:N/C:P/I:N/A:N"}}],
      "cvssMetricV31": [{"source": "other", "type": "Secondary", "cvssData":
        {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"}},
        {"source": "nvd@nist.gov", "type": "Primary", "cvssData":
        {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}}]},
      "weaknesses": [{"description": [{"value": "CWE-22"},
        {"value": "NVD-CWE-Other"}]}],
      "references": [{"url": "https://a.example"}])");
  ASSERT_THAT(kept.enrichments, SizeIs(1)) << FirstSkipped(kept);
  const Enrichment& cve = kept.enrichments[0];
  EXPECT_EQ(cve.cve, "CVE-2021-41773");
  EXPECT_EQ(cve.summary, "bad");
  EXPECT_EQ(cve.published, "2021-10-05T09:15:07Z");
  EXPECT_FALSE(cve.rejected);
  EXPECT_THAT(
      cve.cvss,
      ElementsAre(
          CvssVector{"nvd@nist.gov",
                     "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"},
          CvssVector{"other", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"},
          CvssVector{"nvd@nist.gov", "AV:N/AC:M/Au:N/C:P/I:N/A:N"}));
  EXPECT_THAT(cve.cwes, ElementsAre("CWE-22"));
  EXPECT_THAT(cve.references, ElementsAre("https://a.example"));
  EXPECT_THAT(kept.advisories, IsEmpty());
}

TEST(NvdTest, ARejectedCveSaysSo) {
  const KeptRecords kept = ReadCve(R"("vulnStatus": "Rejected")");
  ASSERT_THAT(kept.enrichments, SizeIs(1));
  EXPECT_TRUE(kept.enrichments[0].rejected);
}

TEST(NvdTest, ProductsOfOursAreAdvisories) {
  EXPECT_EQ(ToldOf(Match("apache:http_server:2.4.49:*:*:*:*:*:*:*") + "," +
                   Match("apache:http_server:2.4.50:rc1:*:*:*:*:*:*") + "," +
                   Match("nginx:nginx:*:*:*:*:*:*:*:*",
                         R"(, "versionStartIncluding": "0.6.18",
                        "versionEndExcluding": "1.20.1")") +
                   "," +
                   Match("f5:nginx:*:*:*:*:*:*:*:*",
                         R"(, "versionStartExcluding": "1.21.0",
                        "versionEndIncluding": "1.21.3")") +
                   "," + Match("acme:other:1.0:*:*:*:*:*:*:*")),
            "CPE apache:http_server =2.4.49 =2.4.50-rc1\n"
            "CPE f5:nginx [>=0.6.18 <1.20.1] [>=1.21.0.0.0.1 <=1.21.3]");
}

TEST(NvdTest, WhatIsOfNoVersionOrOfOtherSystemsIsLeftOut) {
  const std::string range = R"(, "versionEndExcluding": "2.0")";
  EXPECT_EQ(ToldOf(Match("php:php:*:*:*:*:*:*:*:*")), "");
  EXPECT_EQ(ToldOf(Match("php:php:*:*:*:*:*:windows:*:*", range)), "");
  EXPECT_EQ(ToldOf(R"({"vulnerable": false, "criteria":
                       "cpe:2.3:a:php:php:*:*:*:*:*:*:*:*"})"),
            "");
  const auto running_on = [&](const std::string& system) {
    const KeptRecords kept = ReadCve(
        R"("configurations": [{"operator": "AND", "nodes": [{"cpeMatch": [)" +
        Match("php:php:*:*:*:*:*:*:*:*", range) +
        R"(]}, {"cpeMatch": [{"vulnerable": false, "criteria":
           "cpe:2.3:o:)" +
        system + R"(:-:*:*:*:*:*:*:*"}]}]}])");
    return kept.advisories.size();
  };
  EXPECT_EQ(running_on("microsoft:windows"), 0u);
  EXPECT_EQ(running_on("linux:linux_kernel"), 1u);
}

TEST(NvdTest, BrokenRecordsAreSkippedAndOtherFilesAreErrors) {
  const KeptRecords kept = ReadText(Nvd(), R"({"format": "NVD_CVE",
      "vulnerabilities": [{"cve": 7}, {"cve": {}}, {"cve": {"id": "x"}},
      {"cve": {"id": "CVE-2021-0001", "metrics": 7}},
      {"cve": {"id": "CVE-2021-0001", "configurations": [{"nodes": [
         {"cpeMatch": [{"vulnerable": true, "criteria": "cpe:/a:php"}]}]}]}},
      {"cve": {"id": "CVE-2021-0002", "x": )" + std::string(100, '[') +
                                               std::string(100, ']') + R"(}},
      {"cve": {"id": "CVE-2021-0003"}}]})");
  EXPECT_THAT(kept.skipped, SizeIs(6)) << FirstSkipped(kept);
  EXPECT_THAT(kept.enrichments, SizeIs(1));
  for (const char* text :
       {"", "{}", "[]", R"({"vulnerabilities": []})",
        R"({"format": "NVD_CVE", "vulnerabilities": [{"cve": {"id")"}) {
    EXPECT_FALSE(StatusOfText(Nvd(), text).ok()) << text;
  }
}

TEST(NvdTest, NamesOfTheAgentsProductsAreKnown) {
  EXPECT_EQ(CpePackageOf("httpd"), "apache:http_server");
  EXPECT_EQ(CpePackageOf("node"), "nodejs:node.js");
  EXPECT_EQ(CpePackageOf("emacs"), "");
  EXPECT_EQ(CpePackageOf("redislabs", "redis"), CpePackageOf("redis"));
  EXPECT_EQ(ParseCpe(R"(cpe:2.3:a:a\:b:c:1\.0:*:*:*:*:d:*:*)")->vendor, "a:b");
  EXPECT_FALSE(ParseCpe("cpe:2.3:a:b"));
}

TEST(NvdTest, TheCorpussFeedsAreRead) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const std::string root = "vulndb/native/samples/";
  const KeptRecords stackrox = ReadCorpus(
      Nvd(), root + "stackrox/scanner/enricher/nvd/testdata/feed.json");
  EXPECT_THAT(stackrox.skipped, IsEmpty()) << FirstSkipped(stackrox);
  EXPECT_THAT(stackrox.enrichments, SizeIs(101));
  const KeptRecords clair =
      ReadCorpus(Nvd(), root + "claircore/enricher/cvss/testdata/feed.json");
  EXPECT_THAT(clair.skipped, IsEmpty()) << FirstSkipped(clair);
  EXPECT_THAT(clair.enrichments, SizeIs(3));
  const KeptRecords page = ReadCorpus(
      Nvd(), root + "vuln-list-update/nvd/testdata/fixtures/respPage1.json");
  ASSERT_THAT(page.enrichments, SizeIs(2)) << FirstSkipped(page);
  EXPECT_THAT(page.enrichments[0].cwes, ElementsAre("CWE-352"));
  EXPECT_THAT(page.enrichments[0].cvss, SizeIs(2));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
