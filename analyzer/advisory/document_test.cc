#include "analyzer/advisory/document.h"

#include <string>

#include "analyzer/advisory/json_fields.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(DocumentTest, YamlIsATreeOfTexts) {
  const Node root = ParseYaml("a: 1\nb: [x, ~]\nc: {d: e}\nf:\n");
  EXPECT_EQ(root.TextOf("a"), "1");
  EXPECT_THAT(root.TextsOf("b"), ElementsAre("x", ""));
  ASSERT_NE(root.Find("c"), nullptr);
  EXPECT_EQ(root.Find("c")->TextOf("d"), "e");
  EXPECT_THAT(root.TextsOf("a"), ElementsAre("1"));
  EXPECT_THAT(root.TextsOf("f"), IsEmpty());
  EXPECT_THAT(root.TextsOf("z"), IsEmpty());
  EXPECT_THROW(root.TextOf("b"), BrokenRecord);
}

TEST(DocumentTest, TomlAndJsonToo) {
  const Node toml = ParseToml("[a]\nb = [\"x\", \"y\"]\n");
  ASSERT_NE(toml.Find("a"), nullptr);
  EXPECT_THAT(toml.Find("a")->TextsOf("b"), ElementsAre("x", "y"));
  const Node json = ParseJsonOrYaml(" {\"a\": [{\"b\": null}, 2.50]}");
  ASSERT_NE(json.Find("a"), nullptr);
  ASSERT_THAT(json.Find("a")->items, SizeIs(2));
  EXPECT_EQ(json.Find("a")->items[0].TextOf("b"), "");
  EXPECT_EQ(ParseJsonOrYaml("a: b").TextOf("a"), "b");
}

TEST(DocumentTest, WhatIsNoneIsBroken) {
  EXPECT_THROW(ParseYaml("a: [b"), BrokenRecord);
  EXPECT_THROW(ParseYaml("a: &x b\nc: *x"), BrokenRecord);
  EXPECT_THROW(ParseYaml(std::string(100000, '[')), BrokenRecord);
  EXPECT_THROW(ParseYaml(std::string(kMaxRecord + 1, ' ')), BrokenRecord);
  EXPECT_THROW(ParseToml("a = "), BrokenRecord);
  EXPECT_THROW(ParseJsonOrYaml("{\"a\": "), BrokenRecord);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
