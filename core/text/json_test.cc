#include "core/text/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/text/testing/recorder.h"

namespace landwaiter::text {
namespace {

using ::testing::ElementsAre;
using testing::Recorder;

Outcome Read(std::string_view text, Recorder& recorder,
             JsonDialect dialect = JsonDialect::kStrict) {
  base::MemoryFile file(text);
  const auto outcome = ReadJson(file, recorder, dialect);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  return outcome.value_or(Outcome{});
}

TEST(JsonTest, ValuesComeWithTheirPaths) {
  Recorder recorder;
  EXPECT_EQ(Read(R"({"a": {"b": [1, -2.50, true, null, "x\u00e9"]}, "c": {}})",
                 recorder)
                .fault,
            "");
  EXPECT_THAT(
      recorder.lines,
      ElementsAre("{", "{a", "{a/b", "a/b/0=1", "a/b/1=-2.50", "a/b/2=true",
                  "a/b/3=", "a/b/4=x\xC3\xA9", "}a/b", "}a", "{c", "}c", "}"));
}

TEST(JsonTest, AMarkOfByteOrderIsSkipped) {
  Recorder recorder;
  EXPECT_EQ(Read("\xEF\xBB\xBF{\"a\":1}", recorder).fault, "");
  EXPECT_THAT(recorder.Values(), ElementsAre("a=1"));
}

TEST(JsonTest, ADamagedDocumentGivesWhatWasBefore) {
  Recorder recorder;
  const auto outcome = Read("{\"a\": 1,\n \"b\": oops", recorder);
  EXPECT_EQ(outcome.fault, "line 2: not JSON");
  EXPECT_GT(outcome.events, 0u);
  EXPECT_THAT(recorder.Values(), ElementsAre("a=1"));
}

TEST(JsonTest, AnotherKindOfFileHasNoEvents) {
  Recorder recorder;
  EXPECT_EQ(Read("<html>", recorder).events, 0u);
  EXPECT_EQ(Read("", recorder).events, 0u);
}

TEST(JsonTest, OnlyTheRelaxedDialectHasCommentsAndLastCommas) {
  const std::string text = "{\"a,]\": [1, 2, // two\n ],\n }";
  Recorder strict;
  EXPECT_NE(Read(text, strict).fault, "");
  Recorder relaxed;
  EXPECT_EQ(
      Read("{\"a\\\",]\": [1, 2 ,\n ],\n }", relaxed, JsonDialect::kRelaxed)
          .fault,
      "");
  EXPECT_THAT(relaxed.Values(), ElementsAre("a\",]/0=1", "a\",]/1=2"));
}

TEST(JsonTest, DepthHasALimit) {
  Recorder recorder;
  EXPECT_EQ(Read(std::string(128, '[') + std::string(128, ']'), recorder).fault,
            "");
  EXPECT_EQ(Read(std::string(100'000, '['), recorder).fault,
            "line 1: nests deeper than 128 levels");
}

TEST(JsonTest, ATextHasALimit) {
  Recorder recorder;
  const std::string most(kMaxJsonToken - 100, 'x');
  EXPECT_EQ(Read("[\"" + most + "\",\"" + most + "\"]", recorder).fault, "");
  EXPECT_EQ(Read("[\"" + most + most + "\"]", recorder).fault,
            "line 1: a text too long");
}

TEST(JsonTest, TheHandlersErrorEndsTheReading) {
  Recorder recorder;
  base::MemoryFile file(R"(["stop", 2])");
  EXPECT_EQ(ReadJson(file, recorder).status().code(),
            absl::StatusCode::kAborted);
  EXPECT_TRUE(recorder.Values().empty());
}

}  // namespace
}  // namespace landwaiter::text
