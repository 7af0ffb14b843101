#include "agent/registry/cloud/paging.h"

#include "gtest/gtest.h"

namespace landwaiter::agent::registry::cloud {
namespace {

TEST(ListPlaceTest, ACursorIsReadAsItWasWritten) {
  const ListPlace place{"team-a", 300, 1234, 2};
  const auto read = ListPlace::FromCursor(place.ToCursor());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->of, "team-a");
  EXPECT_EQ(read->position, 300u);
  EXPECT_EQ(read->total, 1234);
  EXPECT_EQ(read->restarts, 2u);
}

TEST(ListPlaceTest, WhatIsNoCursorIsRefused) {
  for (const char* cursor :
       {"", "a", "a|1|2", "a|x|1|0", "a|-1|1|0", "a|1|-2|0", "a|1|1|99",
        "a|1|1|0|0", "a|99999999999|1|0"}) {
    EXPECT_FALSE(ListPlace::FromCursor(cursor).ok()) << cursor;
  }
}

TEST(TakeStepTest, PagesUpToTheTotal) {
  ListPlace place{"x"};
  EXPECT_EQ(*TakeStep(100, 100, 150, place), Step::kNext);
  EXPECT_EQ(place.position, 100u);
  EXPECT_EQ(*TakeStep(50, 100, 150, place), Step::kEnd);
}

TEST(TakeStepTest, AnEmptyListIsItsOwnEnd) {
  ListPlace place{"x"};
  EXPECT_EQ(*TakeStep(0, 100, 0, place), Step::kEnd);
}

TEST(TakeStepTest, AShortPageThatIsNotTheLastIsAnError) {
  for (const uint64_t entries : {0, 99}) {
    ListPlace place{"x"};
    EXPECT_FALSE(TakeStep(entries, 100, 150, place).ok()) << entries;
  }
}

TEST(TakeStepTest, AListThatMovesStartsAgainButNotForEver) {
  ListPlace place{"x", 100, 150, 0};
  for (uint64_t i = 1; i <= 3; ++i) {
    place.position = 100;
    place.total = 150;
    EXPECT_EQ(*TakeStep(50, 100, 149, place), Step::kRestart);
    EXPECT_EQ(place.position, 0u);
    EXPECT_EQ(place.restarts, i);
  }
  place.total = 150;
  EXPECT_FALSE(TakeStep(50, 100, 149, place).ok());
}

}  // namespace
}  // namespace landwaiter::agent::registry::cloud
