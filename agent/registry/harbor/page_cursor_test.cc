#include "agent/registry/harbor/page_cursor.h"

#include "core/base/failure.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::registry::harbor {
namespace {

TEST(PageCursorTest, SurvivesARestart) {
  const PageCursor cursor{
      .page = 3, .size = 50, .seen = 100, .total = 250, .restarts = 1};
  const auto back = PageCursor::Parse(cursor.ToText());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->ToText(), "3/50/100/250/1");
  EXPECT_EQ(PageCursor::Parse("")->page, 1);
}

TEST(PageCursorTest, WhatIsNoCursorIsRefused) {
  for (const char* text :
       {"x", "1/100/0/0", "0/100/0/0/0", "1/101/0/0/0", "1/0/0/0/0",
        "-1/10/0/0/0", "1/100/0/0/9", "1/100/0/0/0/0", "1/100//0/0"}) {
    EXPECT_FALSE(PageCursor::Parse(text)) << text;
  }
}

TEST(PageCursorTest, EndsWhenAllWasSeen) {
  PageCursor cursor;
  const auto second = cursor.After(100, 150);
  ASSERT_TRUE(second.ok() && second->cursor);
  EXPECT_EQ(second->cursor->page, 2);
  const auto end = second->cursor->After(50, 150);
  ASSERT_TRUE(end.ok());
  EXPECT_FALSE(end->cursor);
}

TEST(PageCursorTest, WithoutATotalAShortPageIsTheLast) {
  EXPECT_TRUE(PageCursor{}.After(100, std::nullopt)->cursor);
  EXPECT_FALSE(PageCursor{}.After(99, std::nullopt)->cursor);
}

TEST(PageCursorTest, AListThatGetsShorterIsReadAgain) {
  const auto second = PageCursor{}.After(100, 250);
  const auto again = second->cursor->After(100, 249);
  ASSERT_TRUE(again.ok() && again->cursor);
  EXPECT_EQ(again->cursor->page, 1);
  EXPECT_EQ(again->cursor->seen, 0);
  EXPECT_EQ(again->cursor->restarts, 1);
}

TEST(PageCursorTest, AListThatSawLessThanItHasIsReadAgainButNotForEver) {
  PageCursor cursor;
  for (int i = 0; i < PageCursor::kMaxRestarts; ++i) {
    const auto again = cursor.After(5, 8);
    ASSERT_TRUE(again.ok() && again->cursor);
    cursor = *again->cursor;
  }
  EXPECT_EQ(base::FailureCodeOf(cursor.After(5, 8).status()),
            base::FailureCode::kNetworkError);
}

TEST(PageCursorTest, HalvingGoesOnAtTheSameElement) {
  const PageCursor cursor{.page = 3};  // elements from 200 on
  const auto half = cursor.Halved();
  ASSERT_TRUE(half);
  EXPECT_EQ((half->page - 1) * half->size, 200);
  EXPECT_EQ(half->Halved()->size, 25);
  EXPECT_FALSE(half->Halved()->Halved());
}

}  // namespace
}  // namespace landwaiter::agent::registry::harbor
