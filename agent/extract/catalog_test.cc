#include "agent/extract/catalog.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace landwaiter::agent::extract {
namespace {

TEST(CatalogTest, EveryExtractorHasItsNameAndVersion) {
  std::set<std::string_view> names;
  const auto extractors = AllExtractors();
  for (const auto& extractor : extractors) {
    EXPECT_TRUE(names.insert(extractor->name()).second) << extractor->name();
    EXPECT_GT(extractor->version(), 0u) << extractor->name();
  }
  EXPECT_TRUE(names.contains("os/dpkg"));
}

TEST(CatalogTest, ExtractorsWantTheirWellKnownFiles) {
  for (const auto& extractor : AllExtractors()) {
    EXPECT_FALSE(extractor->WellKnownPaths().empty()) << extractor->name();
    for (const std::string_view path : extractor->WellKnownPaths()) {
      if (path.ends_with('/')) continue;
      EXPECT_TRUE(extractor->Wants(path)) << path;
    }
  }
}

TEST(CatalogTest, NoTwoExtractorsWantOneFile) {
  const auto extractors = AllExtractors();
  for (const auto& extractor : extractors) {
    for (const std::string_view path : extractor->WellKnownPaths()) {
      for (const auto& other : extractors) {
        if (other != extractor) {
          EXPECT_FALSE(other->Wants(path)) << path;
        }
      }
    }
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract
