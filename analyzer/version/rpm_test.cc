#include "analyzer/version/rpm.h"

#include "analyzer/version/ordering_matchers.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::version {
namespace {

std::string Rpm(std::string_view a, std::string_view b) {
  return Relation(CompareRpm, a, b);
}

TEST(CompareRpmTest, TheEpochGoesFirstAndNoneIsZero) {
  EXPECT_EQ(Rpm("1:1.0-1", "2.0-1"), ">");
  EXPECT_EQ(Rpm("0:1.0-1", "1.0-1"), "=");
}

TEST(CompareRpmTest, TheReleaseDecidesBetweenEqualVersions) {
  EXPECT_EQ(Rpm("1.0-10.el8", "1.0-9.el8"), ">");
  EXPECT_EQ(Rpm("1.0-1.el8_6", "1.0-1.el8"), ">");
  EXPECT_EQ(Rpm("1.0", "1.0-1"), "<");
}

TEST(CompareRpmTest, ATildeSortsBeforeAndACaretAfterTheEnd) {
  EXPECT_EQ(Rpm("1.0~rc1-1", "1.0-1"), "<");
  EXPECT_EQ(Rpm("1.0^git1-1", "1.0-1"), ">");
  EXPECT_EQ(Rpm("1.0^git1-1", "1.0.1-1"), "<");
  EXPECT_EQ(Rpm("1.0~rc1^git1-1", "1.0~rc1-1"), ">");
  EXPECT_EQ(Rpm("1.0^git1~pre-1", "1.0^git1-1"), "<");
  EXPECT_EQ(Rpm("1.0~-1", "1.0^-1"), "<");
}

TEST(CompareRpmTest, SeparatorsAreAllTheSame) {
  EXPECT_EQ(Rpm("1.0.1-1", "1_0+1-1"), "=");
  EXPECT_EQ(Rpm("2.0.-1", "2.0-1"), "=");
}

TEST(CompareRpmTest, ANumberIsNewerThanLetters) {
  EXPECT_EQ(Rpm("1.0.1-1", "1.0.a-1"), ">");
  EXPECT_EQ(Rpm("1.0a-1", "1.0-1"), ">");
}

}  // namespace
}  // namespace landwaiter::analyzer::version
