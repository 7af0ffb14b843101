#include "analyzer/advisory/kev/kev.h"

#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(KevTest, JsonAndCsvSayTheSame) {
  const KeptRecords json = ReadText(CisaKev(), R"({"count": 2,
      "vulnerabilities": [
      {"cveID": "CVE-2021-44228", "dateAdded": "2021-12-10",
       "dueDate": "2021-12-24", "knownRansomwareCampaignUse": "Known"},
      {"cveID": "CVE-2014-0160", "dateAdded": "2022-05-04",
       "dueDate": "2022-05-25"}]})");
  const KeptRecords csv = ReadText(
      CisaKev(),
      "cveID,vendorProject,dateAdded,dueDate,knownRansomwareCampaignUse\r\n"
      "CVE-2021-44228,\"Apache, the \"\"A\"\"\nSF\",2021-12-10,2021-12-24,"
      "Known\r\n"
      "CVE-2014-0160,OpenSSL,2022-05-04,2022-05-25,Unknown\r\n");
  ASSERT_THAT(json.enrichments, SizeIs(2));
  EXPECT_EQ(json.enrichments[0].exploited,
            (Exploited{"2021-12-10", "2021-12-24", true}));
  EXPECT_EQ(json.enrichments[1].exploited,
            (Exploited{"2022-05-04", "2022-05-25", false}));
  EXPECT_EQ(json.enrichments, csv.enrichments);
}

TEST(KevTest, BrokenRecordsAreSkipped) {
  const KeptRecords kept = ReadText(CisaKev(), R"({"vulnerabilities": [7,
      {"cveID": 7}, {"cveID": "x"}, {"cveID": "CVE-2014-0160",
      "dateAdded": "soon"}, {"cveID": "CVE-2014-0160"}]})");
  EXPECT_THAT(kept.skipped, SizeIs(4));
  EXPECT_THAT(kept.enrichments, SizeIs(1));
  EXPECT_THAT(ReadText(CisaKev(), "cveID,dateAdded\nCVE-2014-0160\n").skipped,
              SizeIs(1));
}

TEST(KevTest, AFileOfAnotherKindIsAnError) {
  for (const char* text :
       {"", "{", "{}", "[]", R"({"vulnerabilities": 7})", "a,b\n1,2\n",
        R"({"vulnerabilities": [{"cveID": "CVE-2014-0160")"}) {
    EXPECT_FALSE(StatusOfText(CisaKev(), text).ok()) << text;
  }
}

TEST(KevTest, TheCorpussCataloguesAreRead) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  for (const char* path :
       {"claircore/enricher/kev/testdata/known_exploited_vulnerabilities.json",
        "vuln-list-update/kevc/testdata/happy/"
        "known_exploited_vulnerabilities.json"}) {
    const KeptRecords kept =
        ReadCorpus(CisaKev(), std::string("vulndb/native/samples/") + path);
    EXPECT_THAT(kept.enrichments, SizeIs(2));
    EXPECT_THAT(kept.skipped, IsEmpty()) << FirstSkipped(kept);
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
