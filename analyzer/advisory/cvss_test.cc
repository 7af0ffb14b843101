#include "analyzer/advisory/cvss.h"

#include <cstdlib>
#include <regex>
#include <string>

#include "core/base/strings.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

// Rows "vector score # comment" of vectors that have base metrics alone (and
// those of CVSS 4 that do not change the score).
void ExpectScores(const std::string& file, size_t at_least) {
  const auto corpus = landwaiter::testing::Corpus();
  if (!corpus) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::regex row("^(\\S+)\\s+([0-9.]+)\\s*(#.*)?$");
  const std::regex more_than_base("/(E|RL|RC|CDP|TD|CR|IR|AR|M[A-Z]+):(?!X)");
  size_t rows = 0;
  const std::string text =
      landwaiter::testing::ReadFile(*corpus + "/vercmp/cvss/" + file);
  for (std::string_view line : base::Split(text, '\n')) {
    std::cmatch match;
    if (line.starts_with("#") ||
        !std::regex_match(line.data(), line.data() + line.size(), match, row)) {
      continue;
    }
    const std::string vector = match[1];
    if (std::regex_search(vector, more_than_base)) continue;
    ++rows;
    const auto score = CvssBaseScore(vector);
    ASSERT_TRUE(score.has_value()) << vector;
    EXPECT_NEAR(*score, std::atof(match[2].str().c_str()), 1e-9) << vector;
  }
  EXPECT_GE(rows, at_least);
}

TEST(CvssTest, Version2ScoresAreTheCorpuss) {
  ExpectScores("v2_score.list", 3);
}
TEST(CvssTest, Version30ScoresAreTheCorpuss) {
  ExpectScores("v30_score.list", 32);
}
TEST(CvssTest, Version31ScoresAreTheCorpuss) {
  ExpectScores("v31_score.list", 33);
}
TEST(CvssTest, Version4ScoresAreTheCorpuss) {
  ExpectScores("v4_score.list", 30);
}

TEST(CvssTest, ThreatAndEnvironmentDoNotCount) {
  EXPECT_EQ(CvssBaseScore("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U"),
            CvssBaseScore("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"));
  EXPECT_EQ(CvssBaseScore("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C"), 7.8);
}

TEST(CvssTest, WhatIsNoVectorHasNoScore) {
  for (const char* text :
       {"", "High", "7.5", "CVSS:3.1", "CVSS:3.1/", "CVSS:3.3/AV:N",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:X",
        "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:N/VC:LN/VI:L/VA:N/SC:N/SI:N/SA:N",
        "CVSS:4.0/AV:/AC:L/AT:N/PR:H/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N",
        "AV:N/AC:L/Au:N/C:N/I:N", "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}) {
    EXPECT_FALSE(CvssBaseScore(text).has_value()) << text;
  }
}

TEST(CvssTest, RatingsAreThoseOfTheScale) {
  EXPECT_EQ(SeverityOfScore(9.0), model::Severity::kCritical);
  EXPECT_EQ(SeverityOfScore(8.9), model::Severity::kHigh);
  EXPECT_EQ(SeverityOfScore(6.9), model::Severity::kMedium);
  EXPECT_EQ(SeverityOfScore(3.9), model::Severity::kLow);
  EXPECT_EQ(SeverityOfScore(0), model::Severity::kNegligible);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
