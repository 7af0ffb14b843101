#include "core/text/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/text/testing/recorder.h"

namespace landwaiter::text {
namespace {

using ::testing::ElementsAre;
using testing::Recorder;

Outcome Read(std::string_view text, Recorder& recorder) {
  base::MemoryFile file(text);
  const auto outcome = ReadYaml(file, recorder);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  return outcome.value_or(Outcome{});
}

TEST(YamlTest, ValuesComeWithTheirPaths) {
  Recorder recorder;
  EXPECT_EQ(
      Read("a:\n  b: {c: 1, d: [x, 'y']}\n  ? e\nf:\n- g: ~\n", recorder).fault,
      "");
  EXPECT_THAT(recorder.lines,
              ElementsAre("{", "{a", "{a/b", "a/b/c=1", "{a/b/d", "a/b/d/0=x",
                          "a/b/d/1=y", "}a/b/d", "}a/b", "a/e=", "}a", "{f",
                          "{f/0", "f/0/g=", "}f/0", "}f", "}"));
}

TEST(YamlTest, AllDocumentsAreRead) {
  Recorder recorder;
  EXPECT_EQ(Read("---\na: 1\n---\nb: 2\n", recorder).fault, "");
  EXPECT_THAT(recorder.Values(), ElementsAre("a=1", "b=2"));
}

TEST(YamlTest, AliasesAndOddKeysAreRefused) {
  Recorder recorder;
  EXPECT_EQ(Read("a: &x [1]\nb: *x\n", recorder).fault, "line 2: an alias");
  EXPECT_EQ(Read("[1, 2]: a\n", recorder).fault,
            "line 1: a key that is a map or a list");
}

TEST(YamlTest, ADamagedDocumentGivesWhatWasBefore) {
  Recorder recorder;
  EXPECT_EQ(Read("a: 1\nb: [x\n", recorder).fault, "line 2: not YAML");
  EXPECT_THAT(recorder.Values(), ElementsAre("a=1", "b/0/x="));
}

TEST(YamlTest, AParserThatStandsStillIsEnded) {
  Recorder recorder;
  EXPECT_EQ(Read(",a:\n  b: \"c\"\n", recorder).fault, "line 1: not YAML");
}

TEST(YamlTest, DepthAndTextHaveALimit) {
  Recorder recorder;
  EXPECT_EQ(Read(std::string(100, '[') + std::string(100, ']'), recorder).fault,
            "");
  EXPECT_NE(Read(std::string(1'000'000, '['), recorder).fault, "");
  EXPECT_NE(
      Read("a: " + std::string(2 * kMaxYamlToken, 'x') + "\n", recorder).fault,
      "");
}

TEST(YamlTest, TheHandlersErrorEndsTheReading) {
  Recorder recorder;
  base::MemoryFile file("a: stop\nb: 1\n");
  EXPECT_EQ(ReadYaml(file, recorder).status().code(),
            absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace landwaiter::text
