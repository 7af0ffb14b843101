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
  std::optional<std::vector<std::string>> Changed(
      const std::vector<Advisory>& before, const std::vector<Advisory>& after) {
    return ChangedPackages(*Db(before), *Db(after)).value();
  }

  landwaiter::testing::TempDir dir_;
  int number_ = 0;
};

TEST_F(DiffTest, WhatIsNewGoneOrOtherIsNamed) {
  const auto changed = Changed(
      {Make("1", "same", "2"), Make("2", "gone", "2"), Make("3", "other", "2")},
      {Make("0", "new", "1"), Make("1", "same", "2"), Make("3", "other", "3")});
  ASSERT_TRUE(changed.has_value());
  EXPECT_THAT(*changed, ElementsAre("gone", "new", "other"));
}

TEST_F(DiffTest, TheOrderOfAdvisoriesIsNoChange) {
  const auto changed =
      Changed({Make("1", "a", "2"), Make("2", "a", "3"), Make("3", "b", "1")},
              {Make("3", "b", "1"), Make("2", "a", "3"), Make("1", "a", "2")});
  ASSERT_TRUE(changed.has_value());
  EXPECT_THAT(*changed, IsEmpty());
}

TEST_F(DiffTest, ANewRatingIsAChange) {
  Advisory rated = Make("1", "a", "2");
  rated.details.severity = model::Severity::kHigh;
  EXPECT_THAT(*Changed({Make("1", "a", "2")}, {rated}), ElementsAre("a"));
}

TEST_F(DiffTest, AnotherSetOfEcosystemsChangesAnything) {
  EXPECT_EQ(Changed({Make("1", "a", "2")},
                    {Make("1", "a", "2"), Make("2", "a", "2", "Debian:13")}),
            std::nullopt);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
