#include "agent/extract/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "agent/extract/os/release/release.h"
#include "core/merge/well_known.h"

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
    if (extractor->name().starts_with("os/")) {
      EXPECT_FALSE(extractor->WellKnownPaths().empty()) << extractor->name();
    }
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

TEST(CatalogTest, AMergeKnowsTheReleaseFilesInTheirOrder) {
  const auto paths = os::Release::Paths();
  EXPECT_TRUE(std::equal(paths.begin(), paths.end(),
                         merge::kReleasePaths.begin(),
                         merge::kReleasePaths.end()));
}

TEST(CatalogTest, AMergeKnowsTheDatabases) {
  std::set<std::string_view> databases;
  for (const auto& extractor : AllExtractors()) {
    if (extractor->name() == "os/release") continue;
    for (std::string_view path : extractor->WellKnownPaths()) {
      if (path.ends_with("-wal")) continue;
      if (path.ends_with('/')) path.remove_suffix(1);
      databases.insert(path);
    }
  }
  EXPECT_EQ(databases, std::set<std::string_view>(merge::kDatabasePaths.begin(),
                                                  merge::kDatabasePaths.end()));
}

}  // namespace
}  // namespace landwaiter::agent::extract
