#include "core/config/strict_yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace landwaiter::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Config {
  std::string listen = "default";
  std::vector<std::string> names;
  bool enabled = false;
  uint64_t threads = 7;
  absl::Duration wait = absl::Seconds(1);
  uint64_t size = 0;
  std::vector<std::string> paths;
};

absl::Status Read(const std::string& text, Config& config) {
  return ReadYaml(text, "test.yaml", [&](StrictYaml& yaml) {
    yaml.Object("server", [&](StrictYaml& server) {
      server.Text("listen", config.listen);
      server.TextList("operatorNames", config.names);
      server.Bool("enabled", config.enabled);
      server.Uint("threads", config.threads, 1, 64);
    });
    yaml.Duration("wait", config.wait, absl::Seconds(1), absl::Hours(1));
    yaml.Size("size", config.size);
    yaml.Objects("sources", [&](StrictYaml& source) {
      source.Text("path", config.paths.emplace_back());
      if (config.paths.back().empty()) source.Problem("path", "is missing");
    });
  });
}

std::string Problems(const std::string& text) {
  Config config;
  const absl::Status status = Read(text, config);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(status.message());
}

TEST(StrictYamlTest, ValuesAreReadAndAbsentKeysKeepTheirDefaults) {
  Config config;
  ASSERT_TRUE(Read(R"(
server: {listen: "0.0.0.0:8443", operatorNames: [a, b], enabled: true}
wait: 1m30s
size: 8GiB
sources: [{path: x}, {path: y}]
)",
                   config)
                  .ok());
  EXPECT_EQ(config.listen, "0.0.0.0:8443");
  EXPECT_THAT(config.names, ElementsAre("a", "b"));
  EXPECT_TRUE(config.enabled);
  EXPECT_EQ(config.threads, 7u);
  EXPECT_EQ(config.wait, absl::Seconds(90));
  EXPECT_EQ(config.size, uint64_t{8} << 30);
  EXPECT_THAT(config.paths, ElementsAre("x", "y"));
}

TEST(StrictYamlTest, AnEmptyDocumentIsAllDefaults) {
  Config config;
  EXPECT_TRUE(Read("", config).ok());
  EXPECT_TRUE(Read("# nothing\n", config).ok());
  EXPECT_TRUE(Read("server:\n", config).ok());
  EXPECT_EQ(config.listen, "default");
}

TEST(StrictYamlTest, AnUnknownKeySuggestsTheRightOne) {
  EXPECT_EQ(Problems("server:\n  lisen: x\n"),
            "test.yaml:2: server.lisen: is not a key; did you mean "
            "server.listen?");
  EXPECT_EQ(Problems("server:\n  operatornames: [x]\n"),
            "test.yaml:2: server.operatornames: is not a key; did you mean "
            "server.operatorNames?");
  EXPECT_EQ(Problems("zebra: 1\n"), "test.yaml:1: zebra: is not a key");
}

TEST(StrictYamlTest, AllProblemsAreToldAtOnce) {
  const std::string problems = Problems(
      "server:\n  threads: 65\n  enabled: maybe\nwait: soon\nsize: 3 cups\n");
  EXPECT_THAT(problems, HasSubstr("test.yaml:2: server.threads: must be a "
                                  "whole number from 1 to 64"));
  EXPECT_THAT(problems, HasSubstr("test.yaml:3: server.enabled: must be true"));
  EXPECT_THAT(problems, HasSubstr("test.yaml:4: wait: must be a duration"));
  EXPECT_THAT(problems, HasSubstr("test.yaml:5: size: must be a size"));
}

TEST(StrictYamlTest, OutOfRangeDurationsAreRefused) {
  EXPECT_THAT(Problems("wait: 10ms"), HasSubstr("must be from 1s to 1h"));
}

TEST(StrictYamlTest, AKeyThatIsThereTwiceIsRefused) {
  EXPECT_THAT(Problems("wait: 1s\nwait: 2s\n"), HasSubstr("is there twice"));
}

TEST(StrictYamlTest, TheWrongShapeIsRefused) {
  EXPECT_THAT(Problems("server: [1]"), HasSubstr("must be a mapping"));
  EXPECT_THAT(Problems("[1]"), HasSubstr("must be a mapping"));
  EXPECT_THAT(Problems("sources: {}"), HasSubstr("must be a list"));
  EXPECT_THAT(Problems("server: {listen: [x]}"), HasSubstr("one value"));
  EXPECT_THAT(Problems("sources: [{}]"),
              HasSubstr("sources[0].path: is missing"));
}

TEST(StrictYamlTest, WhatIsNoYamlIsRefusedWithItsLine) {
  EXPECT_THAT(Problems("a: 1\nb: [\n"), HasSubstr("is not YAML"));
}

TEST(StrictYamlTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_EQ(ReadYamlFile("/nonexistent", [](StrictYaml&) {}).code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace landwaiter::config
