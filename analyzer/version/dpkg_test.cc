#include "analyzer/version/dpkg.h"

#include "analyzer/version/ordering_matchers.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::version {
namespace {

std::string Dpkg(std::string_view a, std::string_view b) {
  return Relation(CompareDpkg, a, b);
}

TEST(CompareDpkgTest, AHigherEpochWins) {
  EXPECT_EQ(Dpkg("1:0.1", "99"), ">");
  EXPECT_EQ(Dpkg("0:1", "1"), "=");
  EXPECT_EQ(Dpkg("010:1", "9:2"), ">");
}

TEST(CompareDpkgTest, NumbersAreComparedAsNumbersOfAnyLength) {
  EXPECT_EQ(Dpkg("1.10", "1.9"), ">");
  EXPECT_EQ(Dpkg("1.010", "1.10"), "=");
  EXPECT_EQ(Dpkg("1.99999999999999999999999999",
                 "1.100000000000000000000000"
                 "0000"),
            "<");
}

TEST(CompareDpkgTest, ATildeSortsBeforeTheEnd) {
  EXPECT_EQ(Dpkg("1.0~rc1-1", "1.0-1"), "<");
  EXPECT_EQ(Dpkg("1.0~~", "1.0~"), "<");
  EXPECT_EQ(Dpkg("1.0~", "1.0"), "<");
}

TEST(CompareDpkgTest, LettersSortBeforeOtherCharacters) {
  EXPECT_EQ(Dpkg("1.0a", "1.0+"), "<");
  EXPECT_EQ(Dpkg("2.36-9+deb12u1", "2.36-9"), ">");
  EXPECT_EQ(Dpkg("2.36-9+deb12u10", "2.36-9+deb12u9"), ">");
}

TEST(CompareDpkgTest, OnlyTheLastHyphenStartsTheRevision) {
  EXPECT_EQ(Dpkg("1-2-3", "1-2-4"), "<");
  EXPECT_EQ(Dpkg("1-2", "1"), ">");
  EXPECT_EQ(Dpkg("1-0", "1"), "=");
}

TEST(CompareDpkgTest, AnyBytesAreOrdered) {
  EXPECT_EQ(Dpkg("", ""), "=");
  EXPECT_EQ(Dpkg("", "1"), "<");
  EXPECT_EQ(Dpkg("x:1", "x:2"), "<");
  EXPECT_EQ(Dpkg("1\xC3\xA9", "1z"), ">");
}

}  // namespace
}  // namespace landwaiter::analyzer::version
