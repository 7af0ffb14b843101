#include "analyzer/advisory/feed.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using landwaiter::testing::ReadFile;
using landwaiter::testing::RunCommand;
using landwaiter::testing::WriteFile;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FeedTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) { return dir_.path() + "/" + name; }

  // "text" or "!problem" of each record.
  std::vector<std::string> Read(const std::string& name,
                                const FeedLimits& limits = {}) {
    std::vector<std::string> records;
    status_ = ReadFeed(Path(name), limits, [&](const FeedRecord& record) {
      records.push_back(record.problem == RecordProblem::kNone
                            ? std::string(record.json)
                            : base::StrCat("!", ToString(record.problem)));
      return absl::OkStatus();
    });
    return records;
  }

  // A zip of the files named a.json, b.json ... with these texts.
  void Zip(const std::string& name, const std::vector<std::string>& texts) {
    char file = 'a';
    for (const std::string& text : texts) {
      WriteFile(Path(std::string("zipped/") + file++ + ".json"), text);
    }
    WriteFile(Path("zipped/README"), "not a record");
    RunCommand("cd " + Path("zipped") +
               " && python3 -c \"import zipfile, os; z = zipfile.ZipFile('" +
               Path(name) +
               "', 'w', zipfile.ZIP_DEFLATED); "
               "[z.write(f) for f in sorted(os.listdir('.'))]\"");
    std::filesystem::remove_all(Path("zipped"));
  }

  landwaiter::testing::TempDir dir_;
  absl::Status status_;
};

TEST_F(FeedTest, AMountedConfigMapIsReadOnceAndItsDigestStays) {
  const auto mount = [&](const std::string& name, const std::string& data) {
    WriteFile(Path(name + "/" + data + "/a.json"), "1");
    std::filesystem::create_directory_symlink(data, Path(name + "/..data"));
    std::filesystem::create_symlink("..data/a.json", Path(name + "/a.json"));
  };
  mount("feed", "..2026_01_01_00_00_00.1");
  mount("later", "..2026_02_02_00_00_00.2");
  EXPECT_THAT(Read("feed"), ElementsAre("1"));
  EXPECT_TRUE(status_.ok()) << status_;
  EXPECT_EQ(*FeedDigest(Path("feed")), *FeedDigest(Path("later")));
}

TEST_F(FeedTest, ADirectoryIsReadInOrderAtAnyDepth) {
  WriteFile(Path("feed/b.json"), "2");
  WriteFile(Path("feed/a.json"), "1");
  WriteFile(Path("feed/c/d.json"), "3");
  WriteFile(Path("feed/README.md"), "no");
  EXPECT_THAT(Read("feed"), ElementsAre("1", "2", "3"));
  EXPECT_EQ(status_, absl::OkStatus());
}

TEST_F(FeedTest, ZipsAreReadAlsoInADirectory) {
  Zip("feed.zip", {"1", "2"});
  EXPECT_THAT(Read("feed.zip"), ElementsAre("1", "2"));
  std::filesystem::create_directory(Path("feed"));
  std::filesystem::rename(Path("feed.zip"), Path("feed/all.zip"));
  WriteFile(Path("feed/x.json"), "3");
  EXPECT_THAT(Read("feed"), ElementsAre("1", "2", "3"));
}

TEST_F(FeedTest, ASingleRecordIsAFeed) {
  WriteFile(Path("one.json"), "1");
  EXPECT_THAT(Read("one.json"), ElementsAre("1"));
}

TEST_F(FeedTest, ADamagedEntryIsOneRecordsProblem) {
  Zip("feed.zip", {std::string(5000, '1'), "2"});
  std::string bytes = ReadFile(Path("feed.zip"));
  // Into the first entry's deflated data.
  const size_t place = bytes.find("a.json") + 7;
  bytes[place] = static_cast<char>(bytes[place] ^ 0x55);
  WriteFile(Path("feed.zip"), bytes);
  EXPECT_THAT(Read("feed.zip"), ::testing::Contains("2"));
  EXPECT_EQ(status_, absl::OkStatus());
}

TEST_F(FeedTest, ATooLargeRecordIsOneRecordsProblem) {
  WriteFile(Path("feed/a.json"), std::string(kMaxRecord + 1, ' '));
  WriteFile(Path("feed/b.json"), "2");
  EXPECT_THAT(Read("feed"), ElementsAre("!too-large", "2"));
  Zip("feed.zip", {std::string(kMaxRecord + 1, ' '), "2"});
  EXPECT_THAT(Read("feed.zip"), ElementsAre("!too-large", "2"));
}

TEST_F(FeedTest, WhatIsNoFeedIsRefused) {
  EXPECT_THAT(Read("nowhere"), IsEmpty());
  EXPECT_EQ(status_.code(), absl::StatusCode::kNotFound);
  WriteFile(Path("file.zip"), "<html>Not found</html>");
  EXPECT_THAT(Read("file.zip"), IsEmpty());
  EXPECT_EQ(status_.code(), absl::StatusCode::kInvalidArgument);
  WriteFile(Path("empty/README"), "");
  EXPECT_THAT(Read("empty"), IsEmpty());
  EXPECT_EQ(status_.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(FeedTest, TheLimitsHold) {
  WriteFile(Path("feed/a.json"), "1");
  WriteFile(Path("feed/b.json"), "2");
  Read("feed", {.records = 1});
  EXPECT_EQ(base::FailureCodeOf(status_), base::FailureCode::kLimitExceeded);
  Read("feed", {.bytes = 1});
  EXPECT_EQ(base::FailureCodeOf(status_), base::FailureCode::kLimitExceeded);
}

TEST_F(FeedTest, TheDigestIsOfNamesAndContentNotOfThePlace) {
  WriteFile(Path("one/a.json"), "1");
  WriteFile(Path("two/a.json"), "1");
  EXPECT_EQ(FeedDigest(Path("one")).value(), FeedDigest(Path("two")).value());
  WriteFile(Path("two/a.json"), "2");
  EXPECT_NE(FeedDigest(Path("one")).value(), FeedDigest(Path("two")).value());
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
