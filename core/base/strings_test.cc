#include "core/base/strings.h"

#include "gtest/gtest.h"

namespace landwaiter::base {
namespace {

TEST(StringsTest, StrCatTakesBothViews) {
  EXPECT_EQ(StrCat("a", std::string_view("b"), absl::string_view("c"), 1),
            "abc1");
}

TEST(StringsTest, SplitKeepsEmptyPieces) {
  EXPECT_EQ(Split("a,,b,", ','),
            (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(Split("", ',').size(), 1u);
  EXPECT_EQ(SplitOnce("a=b=c", '=')->second, "b=c");
  EXPECT_FALSE(SplitOnce("abc", '=').has_value());
}

TEST(StringsTest, NumbersAreWholeOrNothing) {
  EXPECT_EQ(ParseInt64("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(ParseUint64("18446744073709551615"), UINT64_MAX);
  for (std::string_view bad :
       {"", " 1", "1 ", "+1", "1x", "18446744073709551616", "0x10"}) {
    EXPECT_FALSE(ParseUint64(bad).has_value()) << bad;
  }
  EXPECT_FALSE(ParseUint64("-1").has_value());
}

TEST(StringsTest, InvalidUtf8IsReplacedByteForByte) {
  EXPECT_EQ(ToValidUtf8("a\xC3\xA9z"), "a\xC3\xA9z");
  EXPECT_EQ(ToValidUtf8("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(ToValidUtf8("\xED\xA0\x80").size(), 9u);  // a lone surrogate
  EXPECT_EQ(ToValidUtf8("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(ToValidUtf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace landwaiter::base
