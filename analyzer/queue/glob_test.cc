#include "analyzer/queue/glob.h"

#include <gtest/gtest.h>

namespace landwaiter::analyzer::queue {
namespace {

TEST(GlobTest, AStarStaysWithinASegment) {
  EXPECT_TRUE(GlobMatch("team-a/*", "team-a/app"));
  EXPECT_FALSE(GlobMatch("team-a/*", "team-a/app/web"));
  EXPECT_TRUE(GlobMatch("*-a/app", "team-a/app"));
  EXPECT_TRUE(GlobMatch("v1.*", "v1."));
  EXPECT_FALSE(GlobMatch("*", "a/b"));
}

TEST(GlobTest, TwoStarsCrossSegments) {
  EXPECT_TRUE(GlobMatch("**", "a/b/c"));
  EXPECT_TRUE(GlobMatch("**", ""));
  EXPECT_TRUE(GlobMatch("team-a/**", "team-a/app/web"));
  EXPECT_FALSE(GlobMatch("team-a/**", "team-a"));
  EXPECT_FALSE(GlobMatch("team-a/**", "team-ab/app"));
  EXPECT_TRUE(GlobMatch("**/app", "app"));
  EXPECT_TRUE(GlobMatch("**/app", "x/y/app"));
  EXPECT_FALSE(GlobMatch("**/app", "x/yapp"));
  EXPECT_TRUE(GlobMatch("a/**/z", "a/z"));
  EXPECT_TRUE(GlobMatch("a/**/z", "a/b/c/z"));
}

TEST(GlobTest, OtherCharactersStandForThemselves) {
  EXPECT_TRUE(GlobMatch("a.b", "a.b"));
  EXPECT_FALSE(GlobMatch("a.b", "axb"));
  EXPECT_FALSE(GlobMatch("a?b", "axb"));
  EXPECT_FALSE(GlobMatch("app", "apple"));
  EXPECT_FALSE(GlobMatch("app", "ap"));
  EXPECT_FALSE(GlobMatch("", "a"));
  EXPECT_TRUE(IsLiteral("team/app"));
  EXPECT_FALSE(IsLiteral("team/*"));
}

TEST(GlobTest, ManyStarsTakeNoTime) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*a";
  EXPECT_FALSE(GlobMatch(pattern + "b", std::string(255, 'a')));
}

TEST(GlobTest, NoIncludeMeansAllAndExcludeWins) {
  EXPECT_TRUE(GlobSelects({}, {}, "a"));
  EXPECT_TRUE(GlobSelects({"b", "a"}, {}, "a"));
  EXPECT_FALSE(GlobSelects({"b"}, {}, "a"));
  EXPECT_FALSE(GlobSelects({"**"}, {"a"}, "a"));
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
