#include "operator/api/status.h"

#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "operator/api/text.h"

namespace landwaiter::api {
namespace {

model::TaskStatus Full(const std::string& text) {
  model::TaskStatus status;
  status.phase = model::TaskPhase::kPartiallySucceeded;
  status.images = {.total = 500, .scanned = 400, .reused = 80, .failed = 20};
  for (int i = 0; i < 30; ++i) {
    status.top.push_back(
        {text, model::Severity::kCritical, text, text, text, text});
    status.failures.push_back({text, {text, text, text, true}});
  }
  for (int i = 0; i < 90; ++i) {
    status.log.push_back({absl::FromUnixSeconds(i), text});
  }
  return status;
}

TEST(TaskStatusTest, StaysWithin32KiBWhateverTheAnalyzerSends) {
  for (const std::string& text :
       {std::string(100'000, 'x'), std::string(5'000, '"'),
        std::string(5'000, '\\'), std::string(5'000, '\xff'),
        std::string(5'000, '\n'), std::string()}) {
    const nlohmann::json json = TaskStatusJson(Full(text));
    EXPECT_LE(json.dump().size(), kMaxStatusBytes);
    EXPECT_EQ(json["progress"], "500/500");
  }
}

TEST(TaskStatusTest, FailuresPastTwentyAreCounted) {
  model::TaskStatus status = Full("short");
  status.failures_omitted = 5;
  const nlohmann::json json = TaskStatusJson(status);
  EXPECT_EQ(json["failures"].size(), 20u);
  EXPECT_EQ(json["failuresOmitted"], 15u);
  EXPECT_EQ(json["top"].size(), 10u);
}

TEST(TaskStatusTest, LogKeepsItsNewestLines) {
  const nlohmann::json json = TaskStatusJson(Full("short"));
  ASSERT_EQ(json["log"].size(), 50u);
  EXPECT_EQ(json["log"].back()["time"], "1970-01-01T00:01:29Z");
}

TEST(TaskStatusTest, DurationIsThereOnceItEnded) {
  model::TaskStatus status;
  status.start = absl::FromUnixSeconds(100);
  EXPECT_FALSE(TaskStatusJson(status).contains("duration"));
  status.completion = absl::FromUnixSeconds(192);
  EXPECT_EQ(TaskStatusJson(status)["duration"], "1m32s");
}

TEST(TextTest, CutsBetweenCharactersAndReplacesControls) {
  EXPECT_EQ(Text("a\nb\tc", 10), "a b c");
  EXPECT_EQ(Text("abcdefgh", 6), "abc...");
  const std::string umlauts = "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4";
  EXPECT_EQ(Text(umlauts, 6), "\xc3\xa4...");
  EXPECT_LE(Text(std::string(100, '\xff'), 50).size(), 50u);
}

}  // namespace
}  // namespace landwaiter::api
