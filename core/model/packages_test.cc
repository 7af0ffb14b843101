#include "core/model/packages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace landwaiter::model {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using namespace std::string_literals;

Package Full() {
  return {.type = "deb",
          .name = "zlib1g",
          .version = "1:1.2.13",
          .architecture = "amd64",
          .source_name = "zlib",
          .source_version = "1:1.2.13-1",
          .module = "m",
          .vendor = "Somebody",
          .licenses = {"Zlib", "", "MIT"},
          .location = "a/b",
          .declared = true,
          .development = true};
}

// Texts that are short and hold what the packing uses itself, so that many are
// equal, or prefixes of one another.
Package Random(std::mt19937& random) {
  const auto text = [&random] {
    constexpr char kBytes[] = {'\0', '\1', '\2', 'a', '\xff'};
    std::string bytes;
    while (random() % 3 != 0) bytes += kBytes[random() % std::size(kBytes)];
    return bytes;
  };
  Package package;
  for (std::string* field :
       {&package.type, &package.name, &package.version, &package.vendor,
        &package.source_name, &package.location}) {
    if (random() % 2 == 0) *field = text();
  }
  while (random() % 2 == 0) package.licenses.push_back(text());
  package.declared = random() % 2 == 0;
  package.development = random() % 2 == 0;
  return package;
}

TEST(PackagesTest, GivesBackWhatWasPutIn) {
  const Packages packages = {Full(), Package(), Full()};
  EXPECT_THAT(packages, ElementsAre(Full(), Package(), Full()));
  EXPECT_EQ(packages[1], Package());
  EXPECT_EQ(packages.begin()->name, "zlib1g");
}

TEST(PackagesTest, AnyByteSurvives) {
  Package package;
  package.name = "\0a\1\2\0\0"s;
  package.licenses = {"\1"s, "\0"s};
  EXPECT_EQ((Packages{package}).front(), package);
}

TEST(PackagesTest, BytesCompareAsPackagesDo) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const Package a = Random(random);
    const Package b = Random(random);
    const Packages both = {a, b};
    ASSERT_EQ(both.Packed(0) <=> both.Packed(1), a <=> b) << i;
    ASSERT_EQ(both.IsSorted(), a <= b) << i;
  }
}

TEST(PackagesTest, IdentitiesCompareAsTheirFieldsDo) {
  std::mt19937 random(4);
  const auto key = [](const Package& p) {
    return std::tie(p.type, p.name, p.version, p.architecture);
  };
  for (int i = 0; i < 20'000; ++i) {
    const Package a = Random(random);
    const Package b = Random(random);
    const Packages both = {a, b};
    ASSERT_EQ(both.PackedIdentity(0) <=> both.PackedIdentity(1),
              key(a) <=> key(b))
        << i;
  }
}

TEST(PackagesTest, ListsCompareAsVectorsDo) {
  std::mt19937 random(2);
  for (int i = 0; i < 5'000; ++i) {
    std::vector<Package> vectors[2];
    Packages lists[2];
    for (int side = 0; side < 2; ++side) {
      while (random() % 3 != 0) {
        vectors[side].push_back(Random(random));
        lists[side].push_back(vectors[side].back());
      }
    }
    ASSERT_EQ(lists[0] <=> lists[1], vectors[0] <=> vectors[1]) << i;
    ASSERT_EQ(lists[0] == lists[1], vectors[0] == vectors[1]) << i;
  }
}

TEST(PackagesTest, SortedEachIsThereOnce) {
  std::mt19937 random(3);
  std::vector<Package> expected;
  Packages packages;
  for (int i = 0; i < 1'000; ++i) {
    expected.push_back(Random(random));
    packages.push_back(expected.back());
  }
  std::sort(expected.begin(), expected.end());
  expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
  packages.SortUnique();
  EXPECT_THAT(packages, ElementsAreArray(expected));
}

TEST(PackagesTest, TakeAFractionOfAVectorsMemory) {
  Packages packages;
  for (int i = 0; i < 10'000; ++i) {
    packages.push_back({.type = "npm",
                        .name = "some-package-" + std::to_string(i),
                        .version = "1.0.0"});
  }
  EXPECT_LT(packages.MemoryBytes(), 10'000 * sizeof(Package) / 4);
}

}  // namespace
}  // namespace landwaiter::model
