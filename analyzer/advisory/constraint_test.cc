#include "analyzer/advisory/constraint.h"

#include <string>

#include "analyzer/advisory/feed_corpus.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

std::string Told(const VersionSet& set, const Dialect& dialect) {
  Affected affected;
  affected.ranges = RangesOf(set, dialect);
  return std::string(base::Strip(Told(affected)));
}

std::string Read(std::string_view text, const Dialect& dialect) {
  const auto set = ParseConstraint(text, dialect);
  return set.ok() ? Told(*set, dialect) : "error";
}

TEST(ConstraintTest, ComparisonsOfAnAlternativeAllHold) {
  EXPECT_EQ(Read(">=1.0, <1.2", ComposerDialect()), "[>=1.0 <1.2]");
  EXPECT_EQ(Read(">= 1.0.0 <= 1.2.0||3.0.0", NpmDialect()),
            "[>=1.0.0 <=1.2.0] [>=3.0.0 <=3.0.0]");
  EXPECT_EQ(Read(">2.0.0 <1.0.0", NpmDialect()), "");
  EXPECT_EQ(Read(">=1.0.0 !=1.5.0", NpmDialect()),
            "[>=1.0.0 <1.5.0] [>=1.5.1-0]");
  EXPECT_EQ(Read("", NpmDialect()), "[>=0]");
  EXPECT_EQ(Read("*", NpmDialect()), "[>=0]");
}

TEST(ConstraintTest, RubysTildeLetsTheLastNumberGo) {
  EXPECT_EQ(Read("~> 2.1.3", RubyGemsDialect()), "[>=2.1.3 <2.2.a]");
  EXPECT_EQ(Read("~> 2.1", RubyGemsDialect()), "[>=2.1 <3.a]");
  EXPECT_EQ(Read("~> 2", RubyGemsDialect()), "[>=2 <3.a]");
  EXPECT_EQ(Read("~> 1.2.3.rc1", RubyGemsDialect()), "[>=1.2.3.rc1 <1.3.a]");
  EXPECT_EQ(Read("> 1.2", RubyGemsDialect()), "[>=1.2.0.0.0.1]");
}

TEST(ConstraintTest, CaretAndTildeOfNpmAndCargo) {
  EXPECT_EQ(Read("^1.2.3", NpmDialect()), "[>=1.2.3 <2.0.0-0]");
  EXPECT_EQ(Read("^0.2.3", CargoDialect()), "[>=0.2.3 <0.3.0-0]");
  EXPECT_EQ(Read("^0.0.3", CargoDialect()), "[>=0.0.3 <0.0.4-0]");
  EXPECT_EQ(Read("1.2", CargoDialect()), "[>=1.2 <2.0.0-0]");
  EXPECT_EQ(Read("~1.2.3", NpmDialect()), "[>=1.2.3 <1.3.0-0]");
  EXPECT_EQ(Read("~1", NpmDialect()), "[>=1 <2.0.0-0]");
  EXPECT_EQ(Read("~0.8.0-pre", NpmDialect()), "[>=0.8.0-pre <0.9.0-0]");
}

TEST(ConstraintTest, PartsOfAVersionAreAllThatBeginSo) {
  EXPECT_EQ(Read("2.0.x || 3.x", NpmDialect()),
            "[>=2.0 <2.1.0-0] [>=3 <4.0.0-0]");
  EXPECT_EQ(Read("<= 1.0", NpmDialect()), "[>=0 <1.1.0-0]");
  EXPECT_EQ(Read("> 1.0", NpmDialect()), "[>=1.1.0]");
  EXPECT_EQ(Read("1.2.3 - 2.3", NpmDialect()), "[>=1.2.3 <2.4.0-0]");
  EXPECT_EQ(Read("1.2.*", ComposerDialect()), "[>=1.2 <1.3-dev]");
}

TEST(ConstraintTest, WhatIsLeftOverIsInOrder) {
  const auto left = [](std::string_view text) {
    return Told(Complement(*ParseConstraint(text, NpmDialect()), NpmDialect()),
                NpmDialect());
  };
  EXPECT_EQ(left(">=2.0.0 || >=1.0.3 <1.1.0"), "[>=0 <1.0.3] [>=1.1.0 <2.0.0]");
  EXPECT_EQ(left("<=1.0.0"), "[>=1.0.1-0]");
  EXPECT_EQ(left(">1.0.0"), "[>=0 <=1.0.0]");
  EXPECT_EQ(left("1.0.0"), "[>=0 <1.0.0] [>=1.0.1-0]");
  EXPECT_EQ(left("*"), "");
}

TEST(ConstraintTest, WhatIsNoneIsRefused) {
  for (const std::string& text :
       {std::string(">="), std::string("latest"), std::string("1.0 ;rm -rf"),
        std::string("<script>"), std::string("=>"), std::string("<<1.0"),
        ">=" + std::string(200, '1'), std::string(10000, ' '),
        std::string("\0", 1)}) {
    EXPECT_EQ(Read(text, NpmDialect()), "error") << base::Printable(text, 40);
  }
}

TEST(ConstraintTest, AHostileOneEndsSoon) {
  std::string text, or_text;
  for (int i = 0; i < 1300; ++i) text += "!=1 ,";
  EXPECT_EQ(Read(text, NpmDialect()), "error");
  for (int i = 0; i < 1300; ++i) or_text += "!=1||";
  EXPECT_EQ(Read(or_text, NpmDialect()), "error");
  EXPECT_EQ(Read("^18446744073709551615.0.0", NpmDialect()), "error");
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
