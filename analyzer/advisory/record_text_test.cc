#include "analyzer/advisory/record_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(RecordTextTest, TimesAreInUtcAndToTheSecond) {
  EXPECT_EQ(Rfc3339("2024-01-31"), "2024-01-31T00:00:00Z");
  EXPECT_EQ(Rfc3339("2024-01-31T10:15Z"), "2024-01-31T10:15:00Z");
  EXPECT_EQ(Rfc3339("2024-01-31T10:15:09.143"), "2024-01-31T10:15:09Z");
  EXPECT_EQ(Rfc3339("2024-01-31T10:15:09.143Z"), "2024-01-31T10:15:09Z");
  EXPECT_EQ(Rfc3339("2024-01-31T10:15:09+02:00"), "2024-01-31T08:15:09Z");
  EXPECT_EQ(Rfc3339("2024-01-31 10:15:09+02:00"), "2024-01-31T08:15:09Z");
  EXPECT_EQ(Rfc3339("2020-06-10 12:00:00 UTC"), "2020-06-10T12:00:00Z");
}

TEST(RecordTextTest, WhatIsNoTimeIsNone) {
  for (const char* text : {"", "infinite-past", "soon", "2024-13-01",
                           "99999-01-01", "2024-01-31T25:00:00Z"}) {
    EXPECT_EQ(Rfc3339(text), "") << text;
  }
}

TEST(RecordTextTest, ALineIsCutAtAWordOrACharacter) {
  EXPECT_EQ(OneLine("\n  first\nsecond"), "first");
  EXPECT_EQ(OneLine(std::string(290, 'a') + " " + std::string(90, 'b')),
            std::string(290, 'a') + " ...");
  const std::string umlauts = OneLine([] {
    std::string text = "x";
    for (int i = 0; i < 400; ++i) text += "\xC3\xA4";
    return text;
  }());
  EXPECT_EQ(umlauts.substr(umlauts.size() - 6), "\xC3\xA4 ...");
}

TEST(RecordTextTest, OnlyWhatIsAReferenceACweOrAVectorIsKept) {
  std::vector<std::string> urls, cwes;
  AddReference("https://a.example/1", urls);
  AddReference(" https://a.example/1", urls);
  AddReference("javascript:alert(1)", urls);
  AddReference("https://" + std::string(5000, 'a'), urls);
  EXPECT_THAT(urls, ElementsAre("https://a.example/1"));
  for (int i = 0; i < 100; ++i) {
    AddReference("https://a.example/" + std::to_string(i), urls);
  }
  EXPECT_THAT(urls, SizeIs(kMaxReferences));
  for (const char* cwe : {"CWE-79", "NVD-CWE-noinfo", "CWE-", "CWE-79"}) {
    AddCwe(cwe, cwes);
  }
  EXPECT_THAT(cwes, ElementsAre("CWE-79"));
  std::vector<CvssVector> vectors;
  AddCvss("nvd", "AV:N/AC:L/Au:N/C:P/I:P/A:P", vectors);
  AddCvss("nvd", "9.8", vectors);
  EXPECT_THAT(vectors,
              ElementsAre(CvssVector{"nvd", "AV:N/AC:L/Au:N/C:P/I:P/A:P"}));
  EXPECT_EQ(RateVectors(vectors), model::Severity::kHigh);
}

TEST(RecordTextTest, CvesAreTold) {
  EXPECT_TRUE(IsCve("CVE-2024-12345"));
  EXPECT_FALSE(IsCve("CVE-2024-XXXX"));
  EXPECT_FALSE(IsCve("TEMP-0000000-000000"));
  EXPECT_EQ(CveOf("UBUNTU-CVE-2024-1234"), "CVE-2024-1234");
  EXPECT_EQ(CveOf("DSA-1-1"), "");
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
