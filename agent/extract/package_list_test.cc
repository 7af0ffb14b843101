#include "agent/extract/package_list.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "core/base/failure.h"

namespace landwaiter::agent::extract {
namespace {

model::Package Named(std::string name) {
  model::Package package;
  package.type = "deb";
  package.name = std::move(name);
  package.version = "1";
  return package;
}

TEST(PackageListTest, PackagesAreSortedAndEachIsThereOnce) {
  PackageList list;
  for (const char* name : {"b", "a", "b"}) {
    ASSERT_TRUE(list.Add(Named(name), "line 1").ok());
  }
  const auto extract = std::move(list).Finish();
  ASSERT_EQ(extract.packages.size(), 2u);
  EXPECT_EQ(extract.packages[0].name, "a");
  EXPECT_EQ(extract.problem, "");
}

TEST(PackageListTest, APackageWithoutIdentityIsAProblem) {
  PackageList list;
  ASSERT_TRUE(list.Add(Named(""), "line 1").ok());
  ASSERT_TRUE(list.Add(Named(std::string(2000, 'x')), "line 5").ok());
  model::Package unversioned = Named("tzdata");
  unversioned.version.clear();
  ASSERT_TRUE(list.Add(unversioned, "line 9").ok());
  const auto extract = std::move(list).Finish();
  EXPECT_TRUE(extract.packages.empty());
  EXPECT_EQ(extract.problem,
            "line 1: a package without a name () (and 2 more)");
}

TEST(PackageListTest, TextIsMadeValidAndCut) {
  PackageList list;
  model::Package package = Named("a\xFF");
  package.vendor = std::string(PackageList::kMaxText - 1, 'v') + "\xC3\xA9";
  ASSERT_TRUE(list.Add(package, "").ok());
  const auto extract = std::move(list).Finish();
  EXPECT_EQ(extract.packages[0].name, "a\xEF\xBF\xBD");
  EXPECT_EQ(extract.packages[0].vendor,
            std::string(PackageList::kMaxText - 1, 'v'));
}

TEST(PackageListTest, TooManyPackagesAreALimit) {
  PackageList list(PackageList::Limits{.packages = 2});
  ASSERT_TRUE(list.Add(Named("a"), "").ok());
  ASSERT_TRUE(list.Add(Named("b"), "").ok());
  EXPECT_EQ(base::FailureCodeOf(list.Add(Named("c"), "")),
            base::FailureCode::kLimitExceeded);
}

TEST(PackageListTest, TooMuchTextIsALimit) {
  PackageList list(PackageList::Limits{.bytes = 10});
  ASSERT_TRUE(list.Add(Named("a"), "").ok());
  EXPECT_EQ(base::FailureCodeOf(list.Add(Named("a long name"), "")),
            base::FailureCode::kLimitExceeded);
}

}  // namespace
}  // namespace landwaiter::agent::extract
