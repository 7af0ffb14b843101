#include "analyzer/advisory/epss/epss.h"

#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kHead[] =
    "#model_version:v2023.03.01,score_date:2024-10-25T00:00:00+0000\n"
    "cve,epss,percentile\n";

TEST(EpssTest, EveryLineIsAnEstimate) {
  const KeptRecords kept =
      ReadText(EpssScores(), std::string(kHead) +
                                 "CVE-2021-44228,0.975230000,1.00000\r\n"
                                 "CVE-1999-0007,9e-05,0.32734");
  EXPECT_THAT(kept.skipped, IsEmpty());
  ASSERT_THAT(kept.enrichments, SizeIs(2));
  EXPECT_EQ(kept.enrichments[0].cve, "CVE-2021-44228");
  EXPECT_EQ(kept.enrichments[0].epss, (Epss{975230, 1000000, "2024-10-25"}));
  EXPECT_EQ(kept.enrichments[1].epss, (Epss{90, 327340, "2024-10-25"}));
}

TEST(EpssTest, BrokenLinesAreSkipped) {
  const KeptRecords kept = ReadText(
      EpssScores(), std::string(kHead) +
                        "CVE-2021-44228,1.5,0.1\nCVE-2021-44228,nan,0.1\n"
                        "CVE-2021-44228,0.1\n<script>,0.1,0.1\n"
                        "CVE-2021-44228,-0.1,0.1\nCVE-2021-44229,0.1,0.2\n");
  EXPECT_THAT(kept.skipped, SizeIs(5));
  EXPECT_THAT(kept.enrichments, SizeIs(1));
}

TEST(EpssTest, AFileOfAnotherKindIsAnError) {
  for (const char* text :
       {"", "\n", "cve,epss,percentile\nCVE-2021-44228,0.1,0.1\n",
        "#model_version:v1\ncve,epss,percentile\n",
        "#score_date:20241025\ncve,epss,percentile\n",
        "#score_date:2024-10-25T00:00:00+0000\ninvalid,header,format\n",
        "{\"a\": 1}"}) {
    EXPECT_FALSE(StatusOfText(EpssScores(), text).ok()) << text;
  }
  EXPECT_FALSE(
      StatusOfText(EpssScores(), kHead + std::string(2 << 20, 'x')).ok());
}

TEST(EpssTest, TheCorpussEstimatesAreRead) {
  if (!testing::Corpus()) GTEST_SKIP() << "no corpus";
  const std::string root = "vulndb/native/samples/";
  const KeptRecords clair = ReadCorpus(
      EpssScores(), root + "claircore/enricher/epss/testdata/data.csv");
  EXPECT_THAT(clair.enrichments, SizeIs(29));
  EXPECT_THAT(clair.skipped, IsEmpty()) << FirstSkipped(clair);
  // As vunnel's snapshot of CVE-1999-0005 has it.
  const KeptRecords vunnel = ReadCorpus(
      EpssScores(), root + "vunnel/epss/test-fixtures/example-1.csv");
  ASSERT_THAT(vunnel.enrichments, SizeIs(5));
  EXPECT_EQ(vunnel.enrichments[4].epss, (Epss{919630, 992140, "2025-02-20"}));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
