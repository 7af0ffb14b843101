#include "core/base/log.h"

#include <nlohmann/json.hpp>

#include "gtest/gtest.h"

namespace landwaiter::base {
namespace {

TEST(LogTest, ALineIsOneJsonObjectInOrder) {
  EXPECT_EQ(FormatLogLine(LogLevel::kInfo, "now", "layer scanned",
                          {{"layer", "sha256:ab"}, {"entries", 7}}),
            R"({"time":"now","level":"info","message":"layer scanned",)"
            R"("layer":"sha256:ab","entries":7})");
}

TEST(LogTest, HostileBytesStayOneValidLine) {
  const std::string line =
      FormatLogLine(LogLevel::kError, "now", "bad name",
                    {{"name", "a\"\n\xff"}, {"fatal", true}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(line, nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["fatal"], true);
}

TEST(LogTest, ALongFieldIsCut) {
  const auto json = nlohmann::json::parse(FormatLogLine(
      LogLevel::kInfo, "now", "m", {{"value", std::string(10'000, 'x')}}));
  EXPECT_EQ(json["value"].get<std::string>().size(), 4096u);
}

}  // namespace
}  // namespace landwaiter::base
