#include "analyzer/advisory/build.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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
using ::testing::SizeIs;
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

  // Databases, whole or not.
  std::vector<std::filesystem::path> Databases() {
    std::vector<std::filesystem::path> found;
    for (const auto& entry :
         std::filesystem::directory_iterator(Path("cache"))) {
      if (entry.path().filename().string().starts_with("advisories-")) {
        found.push_back(entry.path());
      }
    }
    return found;
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
  ASSERT_THAT(built->report.feeds, SizeIs(1));
  EXPECT_EQ(built->report.feeds[0].name, "osv-feed");
  EXPECT_EQ(built->report.feeds[0].counts.records, 6u);
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
  EXPECT_EQ(first->report.feeds.at(0).counts,
            second->report.feeds.at(0).counts);
  EXPECT_EQ(first->db->version(), second->db->version());
  EXPECT_THAT(Databases(), SizeIs(1));
}

TEST_F(BuildTest, OtherContentIsAnotherVersionAndOldOnesGo) {
  for (int i = 0; i < 6; ++i) {
    WriteFile(Path("feed/a.json"), Record(std::to_string(i)));
    ASSERT_TRUE(Build().ok());
  }
  EXPECT_THAT(Databases(), SizeIs(4));
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
  WriteFile(Databases().at(0), "damaged");
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
  EXPECT_THAT(Databases(), ::testing::IsEmpty());
}

TEST_F(BuildTest, TheOrderOfRecordsAndArchivesMakesNoDifference) {
  WriteFile(Path("one/a.json"), Record("A"));
  WriteFile(Path("one/z/b.json"), Record("B"));
  WriteFile(Path("two/0.json"), Record("B"));
  landwaiter::testing::RunCommand("cd " + Path("one") + " && tar czf " +
                                  Path("two/1.tar.gz") + " a.json");
  const auto there = Build({"one"});
  const auto back = Build({"two"});
  ASSERT_TRUE(there.ok() && back.ok()) << back.status();
  EXPECT_EQ(there->db->version(), back->db->version());
}

TEST_F(BuildTest, OfTwoRecordsWithOneIdTheNewerCounts) {
  WriteFile(Path("feed/a.json"),
            Record("A", R"(, "modified": "2024-01-02T00:00:00Z")"));
  WriteFile(Path("feed/b.json"),
            Record("A", R"(, "modified": "2024-01-01T00:00:00Z")"));
  const auto built = Build();
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(EntriesOf(*built->db), 1u);
  EXPECT_EQ(built->db->Find(0)->modified, "2024-01-02T00:00:00Z");
  EXPECT_EQ(built->report.taken, 1u);
  EXPECT_EQ(built->report.feeds[0].counts.newest, "2024-01-02T00:00:00Z");
}

TEST_F(BuildTest, AnAdvisoryOfNoPackageIsDropped) {
  WriteFile(Path("feed/a.json"), Record("A"));
  WriteFile(Path("feed/b.json"), R"({"id": "B"})");
  const auto built = Build();
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(built->report.feeds[0].counts.empty, 1u);
  EXPECT_EQ(built->report.taken, 1u);
}

TEST_F(BuildTest, OneBrokenFeedKeepsItsLastGoodContentWhileOthersUpdate) {
  WriteFile(Path("one/a.json"), Record("A"));
  WriteFile(Path("two/b.json"), Record("B"));
  BuildOptions lenient;
  lenient.every_feed = false;
  const auto build = [&] {
    return BuildAdvisories({Path("one"), Path("two")}, Path("cache"), lenient);
  };
  ASSERT_TRUE(build().ok());
  std::filesystem::remove_all(Path("one"));
  WriteFile(Path("two/c.json"), Record("C"));
  const auto later = build();
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(EntriesOf(*later->db), 3u);
  EXPECT_THAT(later->report.feeds[0].error, HasSubstr("there is nothing at"));
  EXPECT_EQ(later->report.feeds[0].counts.taken, 1u);
  EXPECT_EQ(later->report.feeds[1].error, "");
  EXPECT_LT(later->report.feeds[0].checked, later->report.feeds[1].checked);
  EXPECT_FALSE(Build({"one", "two"}).ok()) << "where every feed must do";
}

TEST_F(BuildTest, OnlyWhatChangedIsReadAgain) {
  WriteFile(Path("one/a.json"), Record("A"));
  WriteFile(Path("two/b.json"), Record("B"));
  const auto first = Build({"one", "two"});
  WriteFile(Path("two/b.json"), Record("C"));
  const auto second = Build({"one", "two"});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->report.feeds[0].changed, second->report.feeds[0].changed);
  EXPECT_LT(first->report.feeds[1].changed, second->report.feeds[1].changed);
}

// Fails at one place; what is on disk then is what a killed process leaves.
class FailAt : public base::Failpoints {
 public:
  explicit FailAt(std::string_view name) : name_(name) {}
  absl::Status Hit(std::string_view name) override {
    return name == name_ ? absl::AbortedError("killed") : absl::OkStatus();
  }

 private:
  const std::string name_;
};

TEST_F(BuildTest, ABuildThatBreaksOffLeavesTheOldDatabaseAndNothingHalf) {
  WriteFile(Path("feed/a.json"), Record("A"));
  const auto first = Build();
  ASSERT_TRUE(first.ok());
  WriteFile(Path("feed/b.json"), Record("B"));
  base::RealClock clock;
  const FeedSpec spec = ParseFeedSpec(Path("feed")).value();
  for (const auto name : {kFeedsReadFailpoint, kDatabaseWrittenFailpoint}) {
    FailAt failpoint(name);
    AdvisoryBuilder builder(Path("cache"), {}, clock, failpoint);
    EXPECT_EQ(builder.Build({spec}).status().code(),
              absl::StatusCode::kAborted);
    EXPECT_THAT(Databases(), SizeIs(1));
    EXPECT_EQ(EntriesOf(*first->db), 1u);
  }
  const auto second = Build();
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(EntriesOf(*second->db), 2u);
}

TEST_F(BuildTest, ABuildThatIsKilledAnywhereIsDoneAgain) {
  for (int i = 0; i < 300; ++i) {
    const std::string id = std::to_string(i);
    WriteFile(Path("feed/" + id + ".json"), Record(id));
  }
  for (int microseconds = 2000; microseconds < 300000;
       microseconds += microseconds / 2) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      (void)Build();
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(microseconds));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    const auto built = Build();
    ASSERT_TRUE(built.ok()) << built.status();
    EXPECT_EQ(EntriesOf(*built->db), 300u);
    std::filesystem::remove_all(Path("cache"));
  }
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
