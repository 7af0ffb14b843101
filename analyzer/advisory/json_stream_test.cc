#include "analyzer/advisory/json_stream.h"

#include <string>
#include <vector>

#include "analyzer/advisory/testing.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Seen {
  absl::Status status;
  std::vector<std::string> items;  // "path=json"
};

Seen Read(std::string text, const std::vector<JsonPath>& wanted,
          size_t piece = 3) {
  Seen seen;
  TextFile file("f", std::move(text), piece);
  seen.status = ReadJsonItems(file, wanted, [&](const JsonItem& item) {
    seen.items.push_back(base::StrCat(
        item.Where(file).substr(3), "=",
        item.value ? item.value->dump() : std::string(ToString(item.problem))));
    return absl::OkStatus();
  });
  return seen;
}

TEST(JsonStreamTest, OnlyWantedValuesAreShown) {
  const Seen seen = Read(
      R"({"version": 2, "x": {"items": [1]}, "items": [{"a": [1, {"b": null}],
          "c": "d"}, 7], "end": [[{}]]})",
      {{"version"}, {"items", "*"}});
  EXPECT_TRUE(seen.status.ok()) << seen.status;
  EXPECT_THAT(seen.items, ElementsAre("version=2",
                                      R"(items/*={"a":[1,{"b":null}],"c":"d"})",
                                      "items/*=7"));
}

TEST(JsonStreamTest, AnyKeyIsTold) {
  const Seen seen =
      Read(R"({"curl": {"CVE-1": {"a": 1}, "CVE-2": {}}, "zlib": {}})",
           {{"*", "*"}});
  EXPECT_TRUE(seen.status.ok()) << seen.status;
  EXPECT_THAT(seen.items,
              ElementsAre(R"(curl/CVE-1={"a":1})", "curl/CVE-2={}"));
}

TEST(JsonStreamTest, WhatIsNoJsonObjectIsAnError) {
  for (const char* text :
       {"", "[]", "7", "{", R"({"a": 1)", R"({"a" 1})", R"({"a": 1}})",
        "{\"a\": \"\xFF\"}", R"({"a": [1,]})"}) {
    EXPECT_EQ(Read(text, {{"a"}}).status.code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(JsonStreamTest, AValueTooDeepIsDroppedAndTheRestIsRead) {
  std::string deep = R"({"a": )" + std::string(1000, '[') +
                     std::string(1000, ']') + R"(, "b": {"c": 1}})";
  const Seen seen = Read(deep, {{"*"}}, 1000);
  EXPECT_TRUE(seen.status.ok()) << seen.status;
  EXPECT_THAT(seen.items, ElementsAre("a=too-deep", R"(b={"c":1})"));
}

TEST(JsonStreamTest, AValueOfTooManyPiecesIsDropped) {
  std::string many = R"({"a": [0)";
  for (int i = 0; i < 1'100'000; ++i) many += ",0";
  const Seen seen = Read(many + R"(], "b": 2})", {{"*"}}, 1 << 16);
  EXPECT_TRUE(seen.status.ok()) << seen.status;
  EXPECT_THAT(seen.items, ElementsAre("a=too-large", "b=2"));
}

TEST(JsonStreamTest, ATextWithoutEndAndUnwantedDepthAreErrors) {
  EXPECT_FALSE(
      Read(R"({"a": ")" + std::string(kMaxRecord + (1 << 20), 'x') + "\"}",
           {{"a"}}, 1 << 16)
          .status.ok());
  EXPECT_FALSE(Read(R"({"b": )" + std::string(100000, '['), {{"a"}}, 1 << 16)
                   .status.ok());
}

TEST(JsonStreamTest, ErrorsOfTheReceiverEndTheReading) {
  TextFile file("f", R"({"a": 1, "b": 2})");
  int shown = 0;
  const absl::Status status =
      ReadJsonItems(file, {{"*"}}, [&](const JsonItem&) {
        ++shown;
        return absl::CancelledError("full");
      });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(shown, 1);
  EXPECT_THAT(Read("{}", {{"*"}}).items, IsEmpty());
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
