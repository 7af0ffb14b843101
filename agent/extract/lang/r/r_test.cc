#include "agent/extract/lang/r/r.h"

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

constexpr char kPath[] = "usr/lib/R/site-library/stringr/DESCRIPTION";

TEST(RTest, AnInstalledPackageIsToldByItsDescription) {
  const auto extract =
      Extract(R(), kPath,
              "Package: stringr\nVersion: 1.5.0\n"
              "License: MIT + file LICENSE\nImports:\n    cli\n"
              "Built: R 4.2.2; ; 2023-01-01; unix\n");
  EXPECT_THAT(Rows(extract), ElementsAre("stringr 1.5.0"));
  EXPECT_THAT(extract.packages[0].licenses, ElementsAre("MIT + file LICENSE"));
  EXPECT_FALSE(extract.packages[0].declared);
}

TEST(RTest, OnlyDescriptionsInALibraryAreWanted) {
  EXPECT_TRUE(R().Wants("usr/lib/R/library/base/DESCRIPTION"));
  EXPECT_FALSE(R().Wants("src/stringr/DESCRIPTION"));
  EXPECT_FALSE(R().Wants("usr/lib/R/library/base/help/DESCRIPTION"));
}

TEST(RTest, ALockTellsWhatIsAskedFor) {
  EXPECT_THAT(RowsOf(R(), "app/renv.lock",
                     R"({"R": {"Version": "4.2.2"}, "Packages": {
                         "cli": {"Package": "cli", "Version": "3.6.0",
                                 "Source": "Repository"}}})"),
              ElementsAre("cli 3.6.0"));
}

TEST(RTest, DamagedFilesEndInAnExtract) {
  ExtractFromDamaged(R(), kPath, "Package: a\nVersion: 1\n");
  EXPECT_GT(ExtractFromDamaged(R(), "renv.lock",
                               R"({"Packages": {"cli": {"Package": "cli",
                                   "Version": "3.6.0"}}, "R": {}})"),
            30);
}

TEST(RTest, CorpusComesOutWhole) {
  const auto corpus = extract::testing::Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::string folder = *corpus + "/lang/syft/r/testdata/installed/";
  EXPECT_THAT(
      RowsOf(R(), kPath,
             extract::testing::ReadFile(folder + "stringr/DESCRIPTION")),
      ElementsAre("stringr 1.5.0.9000"));
  EXPECT_THAT(RowsOf(R(), kPath,
                     extract::testing::ReadFile(folder + "base/DESCRIPTION")),
              ElementsAre("base 4.3.0"));
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
