#include "analyzer/match/replay.h"

#include "analyzer/match/print.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::match {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

MatchResult Result() {
  MatchResult result;
  result.advisory_version = "v1";
  result.detection.findings = {
      {.id = "CVE-1", .package = "curl", .installed_version = "8"},
      {.id = "CVE-2", .package = "zlib", .installed_version = "1"}};
  return result;
}

TEST(ReplayTest, TheSameIsTheSameByteForByte) {
  const auto replay = Replay(ToJson(Result()), Result());
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_EQ(replay->findings, 2u);
  EXPECT_THAT(replay->differences, IsEmpty());
}

TEST(ReplayTest, EveryDifferenceIsNamed) {
  MatchResult now = Result();
  now.detection.findings[0].fixed_version = "9";
  now.detection.findings[1].id = "CVE-3";
  EXPECT_THAT(
      Replay(ToJson(Result()), now)->differences,
      ElementsAre("CVE-1 of curl 8: is another", "CVE-2 of zlib 1: is gone",
                  "CVE-3 of zlib 1: is new"));
}

TEST(ReplayTest, ADifferenceBesideTheFindingsCountsToo) {
  MatchResult now = Result();
  now.detection.ecosystem = "Debian:12";
  EXPECT_THAT(Replay(ToJson(Result()), now)->differences,
              ElementsAre("what is said beside the findings differs"));
}

TEST(ReplayTest, OtherAdvisoriesAreRefused) {
  MatchResult now = Result();
  now.advisory_version = "v2";
  EXPECT_EQ(Replay(ToJson(Result()), now).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ReplayTest, TextThatIsNoResultIsRefused) {
  for (const char* text :
       {"", "[]", R"({"advisories": {"version": "v1"}})",
        R"({"advisories": {"version": "v1"}, "findings": [1]})"}) {
    EXPECT_FALSE(Replay(text, Result()).ok()) << text;
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::match
