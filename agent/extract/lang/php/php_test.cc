#include "agent/extract/lang/php/php.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/lang/testing/rows.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using extract::testing::Extract;
using extract::testing::ExtractFromDamaged;
using ::testing::ElementsAre;
using testing::ExpectCorpus;
using ::testing::IsEmpty;
using testing::Rows;
using testing::RowsOf;

constexpr char kInstalled[] = "app/vendor/composer/installed.json";
constexpr char kLock[] = "app/composer.lock";

TEST(PhpTest, Composer2TellsWhichPackagesAreDevelopment) {
  const auto extract = Extract(Php(), kInstalled,
                               R"({"packages": [
  {"name": "pear/log", "version": "1.13.3", "license": ["MIT", "BSD"],
   "require": {"version": "9"}, "authors": [{"name": "x"}]},
  {"name": "behat/mink", "version": "v1.9.0"}],
  "dev": true, "dev-package-names": ["behat/mink"]})");
  EXPECT_THAT(Rows(extract),
              ElementsAre("behat/mink v1.9.0 dev", "pear/log 1.13.3"));
  EXPECT_THAT(extract.packages[1].licenses, ElementsAre("MIT", "BSD"));
  EXPECT_FALSE(extract.packages[1].declared);
  EXPECT_EQ(extract.problem, "");
}

TEST(PhpTest, Composer1HasAList) {
  EXPECT_THAT(RowsOf(Php(), kInstalled,
                     R"([{"name": "a/b", "version": "1.0",
                          "license": ["MIT"]}])"),
              ElementsAre("a/b 1.0"));
}

TEST(PhpTest, ALockTellsWhatIsAskedFor) {
  const auto extract = Extract(Php(), kLock,
                               R"({"packages": [{"name": "a/b",
  "version": "1.0", "license": ["MIT"]}],
  "packages-dev": [{"name": "c/d", "version": "2.0"}]})");
  EXPECT_THAT(Rows(extract), ElementsAre("a/b 1.0", "c/d 2.0 dev"));
  EXPECT_TRUE(extract.packages[0].declared);
}

TEST(PhpTest, LocksOfDependenciesAreNotWanted) {
  EXPECT_FALSE(Php().Wants("app/vendor/a/b/composer.lock"));
  EXPECT_FALSE(Php().Wants("app/installed.json"));
}

TEST(PhpTest, DamagedFilesEndInAnExtract) {
  const char kText[] = R"({"packages": [{"name": "a/b", "version": "1.0"}],
                           "dev-package-names": []})";
  EXPECT_GT(ExtractFromDamaged(Php(), kInstalled, kText), 30);
  EXPECT_GT(ExtractFromDamaged(Php(), kLock, kText), 30);
}

TEST(PhpTest, CorpusComesOutAsExpected) {
  ExpectCorpus(Php(), "trivy-parser",
               {{.fixture = "php/composer/testdata/composer_happy.lock",
                 .path = kLock}});
  ExpectCorpus(
      Php(), "trivy-analyzer",
      {{.fixture = "php/composer/testdata/composer-vendor/happy/installed.json",
        .path = kInstalled}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
