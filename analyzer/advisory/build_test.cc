#include "analyzer/advisory/build.h"

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using landwaiter::testing::WriteFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::string Record(const std::string& id, const std::string& more = "") {
  return R"({"id": ")" + id + R"(", "affected": [{"package": {"ecosystem":
      "Debian:12", "name": "curl"}, "versions": ["1"]}])" +
         more + "}";
}

class BuildTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) { return dir_.path() + "/" + name; }

  absl::StatusOr<BuiltAdvisories> Build(
      const std::vector<std::string>& feeds = {"feed"}) {
    std::vector<std::string> paths;
    for (const std::string& feed : feeds) paths.push_back(Path(feed));
    return BuildAdvisories(paths, Path("cache"));
  }

  size_t FilesInCache() {
    size_t n = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(Path("cache"))) {
      (void)entry;
      ++n;
    }
    return n;
  }

  static size_t EntriesOf(const AdvisoryDb& db) {
    size_t n = 0;
    EXPECT_TRUE(db.ForEach("Debian:12", "curl", [&](const AffectedView&) {
                    ++n;
                  }).ok());
    return n;
  }

  landwaiter::testing::TempDir dir_;
};

TEST_F(BuildTest, BrokenRecordsAreCountedAndNothingElseIsLost) {
  WriteFile(Path("feed/a.json"), Record("A"));
  WriteFile(Path("feed/b.json"), "{");
  WriteFile(Path("feed/c.json"), "{}");
  WriteFile(Path("feed/d.json"), R"({"id": 7})");
  WriteFile(Path("feed/e.json"),
            Record("E", R"(, "withdrawn": "2024-01-01T00:00:00Z")"));
  WriteFile(Path("feed/f.json"), Record("F"));
  const auto built = Build();
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(built->report.records, 6u);
  EXPECT_EQ(built->report.taken, 2u);
  EXPECT_EQ(built->report.withdrawn, 1u);
  EXPECT_THAT(built->report.skipped,
              UnorderedElementsAre(Pair("not-json", 1), Pair("no-id", 1),
                                   Pair("bad-field", 1)));
  EXPECT_THAT(built->report.examples,
              ElementsAre(HasSubstr("b.json: "), HasSubstr("c.json: has no id"),
                          HasSubstr("d.json: id is no string")));
  EXPECT_EQ(EntriesOf(*built->db), 2u);
}

TEST_F(BuildTest, TheSameContentIsBuiltOnce) {
  WriteFile(Path("feed/a.json"), Record("A"));
  WriteFile(Path("feed/b.json"), "{");
  const auto first = Build();
  const auto second = Build();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_FALSE(first->reused);
  EXPECT_TRUE(second->reused);
  EXPECT_EQ(first->report, second->report);
  EXPECT_EQ(first->db->version(), second->db->version());
  EXPECT_EQ(FilesInCache(), 1u);
}

TEST_F(BuildTest, OtherContentIsAnotherVersionAndOldOnesGo) {
  for (int i = 0; i < 6; ++i) {
    WriteFile(Path("feed/a.json"), Record(std::to_string(i)));
    ASSERT_TRUE(Build().ok());
  }
  EXPECT_EQ(FilesInCache(), 4u);
  EXPECT_TRUE(Build()->reused);
}

TEST_F(BuildTest, TheOrderOfFeedsMakesNoDifference) {
  WriteFile(Path("one/a.json"), Record("A"));
  WriteFile(Path("two/b.json"), Record("B"));
  const auto there = Build({"one", "two"});
  const auto back = Build({"two", "one"});
  ASSERT_TRUE(there.ok() && back.ok());
  EXPECT_EQ(there->db->version(), back->db->version());
  EXPECT_EQ(EntriesOf(*back->db), 2u);
}

TEST_F(BuildTest, ADamagedDatabaseIsBuiltAgain) {
  WriteFile(Path("feed/a.json"), Record("A"));
  ASSERT_TRUE(Build().ok());
  for (const auto& entry : std::filesystem::directory_iterator(Path("cache"))) {
    WriteFile(entry.path(), "damaged");
  }
  const auto built = Build();
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_FALSE(built->reused);
  EXPECT_EQ(EntriesOf(*built->db), 1u);
}

TEST_F(BuildTest, AFeedOfNothingButBrokenRecordsIsAnErrorAndLeavesNothing) {
  WriteFile(Path("feed/a.json"), "<html>");
  const auto built = Build();
  EXPECT_EQ(built.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(built.status().message()), HasSubstr("a.json"));
  EXPECT_EQ(FilesInCache(), 0u);
}

TEST_F(BuildTest, OddEcosystemsOfTheCorpusAreTaken) {
  const auto corpus = landwaiter::testing::Corpus();
  if (!corpus) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const auto built = BuildAdvisories(
      {*corpus + "/vulndb/osv/mixed-samples.zip"}, Path("cache"));
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(built->report.records, 127u);
  EXPECT_THAT(built->report.skipped, ::testing::IsEmpty())
      << built->report.examples.front();
  for (const char* ecosystem : {"Debian:10", "Ubuntu:22.04", "Ubuntu:Pro:14.04",
                                "AlmaLinux:8", "Rocky Linux:9", "Wolfi"}) {
    EXPECT_TRUE(built->db->Covers(ecosystem).value()) << ecosystem;
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
