#include "agent/extract/os/rpm/sqlite_record.h"

#include <gtest/gtest.h>

#include <string>

namespace landwaiter::agent::extract::os {
namespace {

using namespace std::string_literals;

TEST(SqliteRecordTest, VarintsHaveOneToNineBytes) {
  const auto take = [](std::string_view bytes) {
    const auto number = TakeVarint(bytes);
    return number.has_value() && bytes == "!" ? *number : 424242;
  };
  EXPECT_EQ(take("\x07!"), 7u);
  EXPECT_EQ(take("\x81\x00!"s), 128u);
  EXPECT_EQ(take("\xFF\x7F!"), 16383u);
  EXPECT_EQ(take("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF!"), ~uint64_t{0});
}

TEST(SqliteRecordTest, ACutVarintIsNone) {
  std::string_view bytes = "\x81";
  EXPECT_FALSE(TakeVarint(bytes).has_value());
  EXPECT_EQ(bytes.size(), 1u);
}

TEST(SqliteRecordTest, ColumnsAreFoundBehindOneAnother) {
  // NULL, -2 in one byte, 1, "ab", blob "xyz".
  const std::string record = "\x06\x00\x01\x09\x11\x12"s + "\xFE" + "abxyz";
  EXPECT_FALSE(SqliteColumn(record, 0).integer.has_value());
  EXPECT_EQ(SqliteColumn(record, 1).integer, -2);
  EXPECT_EQ(SqliteColumn(record, 2).integer, 1);
  EXPECT_EQ(SqliteColumn(record, 3).bytes, "ab");
  EXPECT_EQ(SqliteColumn(record, 4).bytes, "xyz");
  EXPECT_FALSE(SqliteColumn(record, 5).bytes.has_value());
}

TEST(SqliteRecordTest, ValuesOutsideOfTheRecordAreNone) {
  EXPECT_FALSE(SqliteColumn("", 0).bytes.has_value());
  EXPECT_FALSE(SqliteColumn("\x02\x20", 0).bytes.has_value());
  EXPECT_FALSE(SqliteColumn("\x7F\x12", 0).bytes.has_value());
  EXPECT_FALSE(SqliteColumn("\x00\x12"s, 0).bytes.has_value());
  EXPECT_FALSE(SqliteColumn("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 0)
                   .bytes.has_value());
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
