#include "core/text/line_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace landwaiter::text {
namespace {

std::vector<std::string> LinesOf(std::string_view text,
                                 size_t max_line = 1024) {
  base::MemoryFile file(text);
  LineReader reader(file, max_line);
  std::vector<std::string> lines;
  while (true) {
    const auto line = reader.Next();
    EXPECT_TRUE(line.ok());
    if (!line.ok() || !line->has_value()) break;
    lines.push_back(std::string(**line) + (reader.cut() ? "|cut" : ""));
  }
  EXPECT_EQ(reader.number(), lines.size());
  return lines;
}

using Strings = std::vector<std::string>;

TEST(LineReaderTest, LinesComeWithoutTheirEnds) {
  EXPECT_EQ(LinesOf("a\n\nb\r\nc"), (Strings{"a", "", "b", "c"}));
  EXPECT_EQ(LinesOf(""), Strings{});
  EXPECT_EQ(LinesOf("\n"), Strings{""});
}

TEST(LineReaderTest, LongLinesAreCutAndTheNextIsWhole) {
  EXPECT_EQ(LinesOf("abcdef\nxy\n", 3), (Strings{"abc|cut", "xy"}));
  EXPECT_EQ(LinesOf("abc\nxy\n", 3), (Strings{"abc", "xy"}));
}

TEST(LineReaderTest, LinesCrossBlocks) {
  const std::string first(65'000, 'a');
  const std::string second(140'000, 'b');
  EXPECT_EQ(LinesOf(first + "\n" + second + "\nc\n", 1 << 20),
            (Strings{first, second, "c"}));
}

TEST(LineReaderTest, AFileThatCannotBeReadIsAnError) {
  class Unreadable : public base::File {
   public:
    uint64_t size() const override { return 10; }
    absl::StatusOr<size_t> ReadAt(uint64_t, char*, size_t) override {
      return absl::InternalError("no");
    }
  };
  Unreadable file;
  EXPECT_EQ(LineReader(file).Next().status().code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace landwaiter::text
