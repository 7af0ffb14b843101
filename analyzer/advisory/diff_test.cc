#include "analyzer/advisory/diff.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DiffTest : public ::testing::Test {
 protected:
  static Advisory Make(const std::string& id, const std::string& package,
                       const std::string& fixed,
                       const std::string& ecosystem = "Debian:12") {
    Advisory advisory;
    advisory.details.id = id;
    Affected& affected = advisory.affected.emplace_back();
    affected.ecosystem = ecosystem;
    affected.package = package;
    affected.ranges = {
        {{EventKind::kIntroduced, "0"}, {EventKind::kFixed, fixed}}};
    return advisory;
  }
  std::unique_ptr<AdvisoryDb> Db(const std::vector<Advisory>& advisories) {
    const std::string path =
        dir_.path() + "/" + std::to_string(++number_) + ".lmdb";
    auto writer = AdvisoryDbWriter::Create(path).value();
    for (const Advisory& advisory : advisories) {
      EXPECT_TRUE(writer->Add(advisory).ok());
    }
    EXPECT_TRUE(writer->Finish(std::to_string(number_), "").ok());
    return AdvisoryDb::Open(path).value();
  }
  std::vector<std::string> Changed(const std::vector<Advisory>& before,
                                   const std::vector<Advisory>& after) {
    std::vector<std::string> changed;
    const auto changes = CompareDatabases(*Db(before), *Db(after)).value();
    for (const Lookup& lookup : changes.lookups) {
      changed.push_back(lookup.ecosystem + " " + lookup.package);
    }
    return changed;
  }

  landwaiter::testing::TempDir dir_;
  int number_ = 0;
};

TEST_F(DiffTest, WhatIsNewGoneOrOtherIsNamed) {
  EXPECT_THAT(
      Changed({Make("1", "same", "2"), Make("2", "gone", "2"),
               Make("3", "other", "2")},
              {Make("0", "new", "1"), Make("1", "same", "2"),
               Make("3", "other", "3")}),
      ElementsAre("Debian:12 gone", "Debian:12 new", "Debian:12 other"));
}

TEST_F(DiffTest, TheOrderOfAdvisoriesIsNoChange) {
  EXPECT_THAT(
      Changed({Make("1", "a", "2"), Make("2", "a", "3"), Make("3", "b", "1")},
              {Make("3", "b", "1"), Make("2", "a", "3"), Make("1", "a", "2")}),
      IsEmpty());
}

TEST_F(DiffTest, ANewRatingIsAChange) {
  Advisory rated = Make("1", "a", "2");
  rated.details.severity = model::Severity::kHigh;
  EXPECT_THAT(Changed({Make("1", "a", "2")}, {rated}),
              ElementsAre("Debian:12 a"));
}

TEST_F(DiffTest, AnEcosystemThatComesOrGoesIsNamedWithoutAPackageToo) {
  const std::vector<Advisory> one = {Make("1", "a", "2")};
  const std::vector<Advisory> two = {Make("1", "a", "2"),
                                     Make("2", "a", "2", "Debian:13")};
  EXPECT_THAT(Changed(one, two), ElementsAre("Debian:13 ", "Debian:13 a"));
  EXPECT_THAT(Changed(two, one), ElementsAre("Debian:13 ", "Debian:13 a"));
}

TEST_F(DiffTest, WhatIsKnownOfACveIsComparedWithoutItsEstimate) {
  const auto db = [&](std::optional<Epss> epss, bool exploited) {
    const std::string path =
        dir_.path() + "/" + std::to_string(++number_) + ".lmdb";
    auto writer = AdvisoryDbWriter::Create(path).value();
    Enrichment known{.cve = "CVE-2024-1", .epss = epss};
    if (exploited) known.exploited.emplace();
    EXPECT_TRUE(writer->Add(known).ok());
    EXPECT_TRUE(writer->Finish("1", "").ok());
    return AdvisoryDb::Open(path).value();
  };
  const auto plain = db(Epss{.score = 1}, false);
  EXPECT_THAT(CompareDatabases(*plain, *db(Epss{.score = 2}, false))->cves,
              IsEmpty());
  EXPECT_THAT(CompareDatabases(*plain, *db(Epss{.score = 1}, true))->cves,
              ElementsAre("CVE-2024-1"));
}

TEST_F(DiffTest, AdvisoriesAreNamedByWhatBecameOfThem) {
  const auto changes = CompareAdvisories(
      *Db({Make("1", "a", "2"), Make("2", "a", "2"), Make("3", "b", "2")}),
      *Db({Make("1", "a", "2"), Make("2", "a", "3"), Make("4", "b", "2")}));
  ASSERT_TRUE(changes.ok());
  EXPECT_THAT(changes->added, ElementsAre("4"));
  EXPECT_THAT(changes->removed, ElementsAre("3"));
  EXPECT_THAT(changes->changed, ElementsAre("2"));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
