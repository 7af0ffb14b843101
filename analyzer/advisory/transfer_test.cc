#include "analyzer/advisory/transfer.h"

#include <filesystem>

#include "analyzer/advisory/build.h"
#include "analyzer/advisory/db_stream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using landwaiter::testing::ReadFile;
using landwaiter::testing::WriteFile;
using ::testing::HasSubstr;

class TransferTest : public ::testing::Test {
 protected:
  TransferTest() {
    Put("A", "curl");
    Put("B", "zlib");
    db_ = Build({dir_.path() + "/feed"});
  }
  std::string Path(const std::string& name) { return dir_.path() + "/" + name; }
  void Put(const std::string& id, const std::string& package) {
    WriteFile(Path("feed/" + id + ".json"),
              R"({"id": ")" + id +
                  R"(", "affected": [{"package": {"ecosystem": "Debian:12",
                  "name": ")" +
                  package + R"("}, "ranges": [{"type": "ECOSYSTEM", "events":
                  [{"introduced": "0"}, {"fixed": "2"}]}]}]})");
  }
  std::unique_ptr<AdvisoryDb> Build(const std::vector<std::string>& feeds) {
    auto built = BuildAdvisories(feeds, Path("cache"));
    EXPECT_TRUE(built.ok()) << built.status();
    return std::move(built->db);
  }
  void Export(const AdvisoryDb& db, const std::string& name) {
    const auto version = ExportDatabase(db, Path(name));
    ASSERT_TRUE(version.ok()) << version.status();
    EXPECT_EQ(*version, db.version());
  }

  landwaiter::testing::TempDir dir_;
  std::unique_ptr<AdvisoryDb> db_;
};

TEST_F(TransferTest, WhatIsImportedIsWhatWasExported) {
  Export(*db_, "1");
  const auto version = ImportDatabase(Path("1"), Path("copy.lmdb"));
  ASSERT_TRUE(version.ok()) << version.status();
  const auto copy = AdvisoryDb::Open(Path("copy.lmdb"));
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ((*copy)->version(), db_->version());
  Export(**copy, "2");
  EXPECT_EQ(ReadFile(Path("1")), ReadFile(Path("2")));
  EXPECT_EQ(DecodeFeedStates((*copy)->report()).at(0).counts.taken, 2u);
}

TEST_F(TransferTest, AStreamIsAFeedWithTheSameVersion) {
  Export(*db_, "1");
  const auto again = Build({"landwaiter:" + Path("1")});
  EXPECT_EQ(again->version(), db_->version());
  EXPECT_EQ(again->Find(0)->feed, "osv");
}

TEST_F(TransferTest, ADamagedStreamLeavesNothing) {
  Export(*db_, "1");
  const std::string bytes = ReadFile(Path("1"));
  size_t refused = 0;
  // Bytes behind the stream's own end may be missing: its hash was right.
  const auto import = [&](const std::string& damaged) {
    WriteFile(Path("bad"), damaged);
    const auto version = ImportDatabase(Path("bad"), Path("bad.lmdb"));
    if (version.ok()) EXPECT_EQ(*version, db_->version());
    refused += version.ok() ? 0 : 1;
    EXPECT_EQ(std::filesystem::remove(Path("bad.lmdb")), version.ok());
  };
  for (size_t place = 0; place < bytes.size(); place += 7) {
    import(bytes.substr(0, place));
    std::string flipped = bytes;
    flipped[place] = static_cast<char>(flipped[place] ^ 0x20);
    import(flipped);
  }
  EXPECT_GT(refused, 2 * (bytes.size() / 7) - 6);
}

TEST_F(TransferTest, AStreamOfAnotherVersionSaysSo) {
  WriteFile(Path("old"), "landwaiter-advisory-stream-1\nA");
  landwaiter::testing::RunCommand("cd " + dir_.path() + " && zstd -q old");
  const auto version = ImportDatabase(Path("old.zst"), Path("x.lmdb"));
  EXPECT_EQ(version.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(version.status().message()),
              HasSubstr("landwaiter-advisory-stream-1"));
  WriteFile(Path("none"), "something else");
  EXPECT_FALSE(ImportDatabase(Path("none"), Path("x.lmdb")).ok());
  EXPECT_FALSE(std::filesystem::exists(Path("x.lmdb")));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
