#include "core/text/toml.h"

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
  const auto outcome = ReadToml(file, recorder);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  return outcome.value_or(Outcome{});
}

TEST(TomlTest, TablesAndListsOfTablesHaveTheirPaths) {
  Recorder recorder;
  EXPECT_EQ(Read("v = 3 # three\n"
                 "[[package]]\nname = \"a\"\n[package.deps]\nx = '1'\n"
                 "[[package]]\nname = \"b\"\n"
                 "[metadata]\n",
                 recorder)
                .fault,
            "");
  EXPECT_THAT(
      recorder.lines,
      ElementsAre("{", "v=3", "{package", "{package/0", "package/0/name=a",
                  "{package/0/deps", "package/0/deps/x=1", "}package/0/deps",
                  "}package/0", "{package/1", "package/1/name=b", "}package/1",
                  "}package", "{metadata", "}metadata", "}"));
}

TEST(TomlTest, ValuesOfEveryKindAreRead) {
  Recorder recorder;
  EXPECT_EQ(Read("a.'b c'.\"d\" = true\n"
                 "s = \"q\\\"\\u00e9\\n\"\n"
                 "m = \"\"\"\nx\ny\"\" \\\n   z\"\"\"\"\n"
                 "l = '''raw \\'''\n"
                 "e = \"\"\n"
                 "n = [1_000, {k = -1.5e+3, w = 2021-01-01T00:00:00Z},\n"
                 "  [\"x\"], # comment\n]\n",
                 recorder)
                .fault,
            "");
  EXPECT_THAT(recorder.Values(),
              ElementsAre("a/b c/d=true", "s=q\"\xC3\xA9\n", "m=x\ny\"\" z\"",
                          "l=raw \\", "e=", "n/0=1_000", "n/1/k=-1.5e+3",
                          "n/1/w=2021-01-01T00:00:00Z", "n/2/0=x"));
}

TEST(TomlTest, AFaultTellsItsLine) {
  Recorder recorder;
  EXPECT_EQ(Read("a = 1\nb = \"x\n", recorder).fault,
            "line 3: a text without an end");
  EXPECT_EQ(Read("a = 1 b = 2\n", recorder).fault,
            "line 1: more than one value in a line");
  EXPECT_EQ(Read("[a\n", recorder).fault, "line 1: no ']'");
  EXPECT_EQ(Read("a =\n", recorder).fault, "line 1: no value");
  EXPECT_EQ(Read("a = [1 2]\n", recorder).fault, "line 1: no comma");
}

TEST(TomlTest, AnEmptyFileHasNoEvents) {
  Recorder recorder;
  EXPECT_EQ(Read("# nothing\n", recorder).events, 0u);
}

TEST(TomlTest, DepthAndTextHaveALimit) {
  Recorder recorder;
  EXPECT_EQ(Read("a = " + std::string(100'000, '['), recorder).fault,
            "line 1: nests deeper than 128 levels");
  EXPECT_EQ(
      Read("a = '" + std::string(kMaxTomlText, 'x') + "'\n", recorder).fault,
      "");
  EXPECT_EQ(Read("a = '" + std::string(kMaxTomlText + 1, 'x') + "'\n", recorder)
                .fault,
            "line 1: a text too long");
  std::string keys = "a";
  for (int i = 0; i < 200; ++i) keys += ".a";
  EXPECT_EQ(Read(keys + " = 1\n", recorder).fault, "line 1: a key too deep");
}

}  // namespace
}  // namespace landwaiter::text
