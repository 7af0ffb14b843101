#include "core/text/headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace landwaiter::text {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Read(std::string_view text) {
  base::MemoryFile file(text);
  HeaderReader reader(file);
  std::vector<std::string> lines;
  while (true) {
    const auto header = reader.Next();
    EXPECT_TRUE(header.ok()) << header.status();
    if (!header.ok() || !header->has_value()) return lines;
    lines.push_back((*header)->name + "=" + (*header)->value);
  }
}

TEST(HeadersTest, FieldsEndAtTheFirstEmptyLine) {
  EXPECT_THAT(Read("\xEF\xBB\xBFName: a\r\nVERSION:1:2 \r\n\r\nbody: b\r\n"),
              ElementsAre("name=a", "version=1:2"));
}

TEST(HeadersTest, FoldedValuesAreJoined) {
  EXPECT_THAT(Read("License: x\n  y\n\tz\nName: a"),
              ElementsAre("license=x\ny\nz", "name=a"));
}

TEST(HeadersTest, LinesThatAreNoFieldAreSkipped) {
  EXPECT_THAT(Read(" odd\nno field\nName: a\n"), ElementsAre("name=a"));
  EXPECT_THAT(Read(""), ElementsAre());
}

TEST(HeadersTest, AValueHasALimit) {
  const std::string line = " " + std::string(10'000, 'x') + "\n";
  std::string text = "a: b\n";
  for (int i = 0; i < 100; ++i) text += line;
  EXPECT_LT(Read(text)[0].size(), HeaderReader::kMaxValue + 11'000);
}

}  // namespace
}  // namespace landwaiter::text
