#include "agent/registry/hosted/namespace_pages.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::registry::hosted {
namespace {

using testing::ElementsAre;

// Two pages of "a", one of "b", none with anything of "c".
absl::StatusOr<NamespacePage> PageOf(const std::string& name, int64_t page) {
  if (name == "a") {
    return NamespacePage{{{.name = "a/" + std::to_string(page)}},
                         page == 1 ? 2 : 0};
  }
  if (name == "b") return NamespacePage{{{.name = "b/1"}}, 0};
  return NamespacePage{};
}

std::vector<std::string> All(const std::vector<std::string>& namespaces,
                             std::string cursor = "") {
  std::vector<std::string> names;
  while (true) {
    const auto page = ListByNamespace(namespaces, cursor, PageOf);
    if (!page.ok()) return {std::string(page.status().message())};
    for (const auto& entry : page->repositories) names.push_back(entry.name);
    if (page->complete) return names;
    cursor = page->next_cursor;
  }
}

TEST(NamespacePagesTest, EachNamespaceIsListedToItsLastPage) {
  EXPECT_THAT(All({"a", "b", "c"}), ElementsAre("a/1", "a/2", "b/1"));
  EXPECT_THAT(All({"c"}), ElementsAre());
}

TEST(NamespacePagesTest, ASavedCursorGoesOnWhereItWas) {
  EXPECT_THAT(All({"a", "b"}, "a 2"), ElementsAre("a/2", "b/1"));
}

TEST(NamespacePagesTest, ANamespaceThatIsGoneIsPassedOver) {
  EXPECT_THAT(All({"a", "b"}, "aa 7"), ElementsAre("b/1"));
  EXPECT_THAT(All({"a"}, "z 1"), ElementsAre());
}

TEST(NamespacePagesTest, WhatIsNoCursorIsRefused) {
  for (const char* cursor : {"a", "a 0", "a x", "A 1", " 1", "a -1"}) {
    EXPECT_THAT(All({"a"}, cursor),
                ElementsAre("the cursor is not of this registry"))
        << cursor;
  }
}

}  // namespace
}  // namespace landwaiter::agent::registry::hosted
