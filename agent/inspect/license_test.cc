#include "agent/inspect/license.h"

#include <gtest/gtest.h>

namespace landwaiter::agent::inspect {
namespace {

TEST(SpdxExpression, KnownIdentifiersAreSpelledAsTheListHasThem) {
  EXPECT_EQ(SpdxExpression("MIT"), "MIT");
  EXPECT_EQ(SpdxExpression("apache-2.0"), "Apache-2.0");
  EXPECT_EQ(SpdxExpression("GPL-2.0+"), "GPL-2.0+");
}

TEST(SpdxExpression, ExpressionsAreReadByTheirGrammar) {
  EXPECT_EQ(SpdxExpression("MIT or (apache-2.0 and ISC)"),
            "MIT OR (Apache-2.0 AND ISC)");
  EXPECT_EQ(SpdxExpression("(MIT)OR(ISC)"), "(MIT) OR (ISC)");
  EXPECT_EQ(SpdxExpression("GPL-2.0-only WITH Classpath-exception-2.0"),
            "GPL-2.0-only WITH Classpath-exception-2.0");
}

TEST(SpdxExpression, WhatIsNotCertainIsNoExpression) {
  for (const std::string_view text :
       {"", "BSD", "MIT OR", "OR MIT", "MIT MIT", "(MIT", "MIT)", "MIT WITH",
        "MIT WITH Unheard-exception", "+", "MIT, ISC", "GPL-2.0 or later",
        "\xff"}) {
    EXPECT_EQ(SpdxExpression(text), std::nullopt) << text;
  }
}

TEST(SpdxExpression, DeepAndLongOnesAreRefused) {
  const auto nested = [](int depth) {
    return std::string(depth, '(') + "MIT" + std::string(depth, ')');
  };
  EXPECT_TRUE(SpdxExpression(nested(10)));
  EXPECT_FALSE(SpdxExpression(nested(11)));
  std::string many = "MIT";
  for (int i = 0; i < 200; ++i) many += " OR MIT";
  EXPECT_FALSE(SpdxExpression(many));
}

TEST(IsSingleLicense, TellsIdentifiersFromExpressions) {
  EXPECT_TRUE(IsSingleLicense("Apache-2.0"));
  EXPECT_FALSE(IsSingleLicense("GPL-2.0+"));
  EXPECT_FALSE(IsSingleLicense("MIT OR ISC"));
  EXPECT_FALSE(IsSingleLicense("(MIT)"));
}

}  // namespace
}  // namespace landwaiter::agent::inspect
