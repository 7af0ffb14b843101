#include "analyzer/version/apk.h"

#include "analyzer/version/ordering_matchers.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::version {
namespace {

std::string Apk(std::string_view a, std::string_view b) {
  return Relation(CompareApk, a, b);
}

TEST(CompareApkTest, RevisionsAreNumbers) {
  EXPECT_EQ(Apk("1.2.4-r10", "1.2.4-r9"), ">");
  EXPECT_EQ(Apk("1.2.4-r0", "1.2.4"), ">");
}

TEST(CompareApkTest, SuffixesOfPreReleasesSortBeforeNone) {
  const std::string_view kRising[] = {
      "1.0_alpha", "1.0_beta", "1.0_pre", "1.0_rc", "1.0",
      "1.0_cvs",   "1.0_svn",  "1.0_git", "1.0_hg", "1.0_p"};
  for (size_t i = 1; i < std::size(kRising); ++i) {
    EXPECT_EQ(Apk(kRising[i - 1], kRising[i]), "<") << kRising[i];
  }
  EXPECT_EQ(Apk("1.0_rc1", "1.0_rc2"), "<");
  EXPECT_EQ(Apk("1.0_alpha_pre2", "1.0_alpha"), "<");
  EXPECT_EQ(Apk("1.0_rc1-r5", "1.0-r0"), "<");
}

TEST(CompareApkTest, ALetterComesAfterItsNumber) {
  EXPECT_EQ(Apk("1.1.1w-r0", "1.1.1v-r9"), ">");
  EXPECT_EQ(Apk("1.1.1a", "1.1.1"), ">");
  EXPECT_EQ(Apk("1.1.1a", "1.1.2"), "<");
}

TEST(CompareApkTest, LeadingZerosMakeAFraction) {
  EXPECT_EQ(Apk("1.05", "1.5"), "<");
  EXPECT_EQ(Apk("1.005", "1.05"), "<");
}

TEST(CompareApkTest, TheHashOfACommitDoesNotTakePart) {
  EXPECT_EQ(Apk("1.0_git20230101~abcdef0-r1", "1.0_git20230101-r1"), "=");
  EXPECT_EQ(Apk("1.0~abc-r1", "1.0~def-r2"), "<");
}

TEST(CompareApkTest, WhatIsNoVersionIsOlderThanWhatStartsLikeIt) {
  EXPECT_EQ(Apk("1.0_wrong", "1.0"), "<");
  EXPECT_EQ(Apk("1.0-ruff", "1.0-r1"), "<");
  EXPECT_EQ(Apk("1.0", "1.0 "), ">");
  EXPECT_EQ(Apk("", "1"), "<");
  EXPECT_EQ(Apk("1000000000000000000000", "1"), "<");
}

}  // namespace
}  // namespace landwaiter::analyzer::version
