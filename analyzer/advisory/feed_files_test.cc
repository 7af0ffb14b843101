#include "analyzer/advisory/feed_files.h"

#include <filesystem>
#include <string>
#include <vector>

#include "analyzer/advisory/osv/osv_format.h"
#include "core/base/failure.h"
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
using ::testing::UnorderedElementsAre;

class FeedFilesTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) { return dir_.path() + "/" + name; }

  // "name=content" of each file; "name!" of one that cannot be read.
  std::vector<std::string> Read(const std::string& name,
                                const FeedLimits& limits = {}) {
    std::vector<std::string> files;
    status_ = ReadFeedFiles(
        Path(name), OsvFormat(), limits, [&](FeedFile& file) -> absl::Status {
          const auto text = file.ReadAll(uint64_t{1} << 30);
          if (base::HasFailureCode(text.status())) return text.status();
          files.push_back(file.name() + (text.ok() ? "=" + *text : "!"));
          return absl::OkStatus();
        });
    return files;
  }
  void Run(const std::string& command) {
    RunCommand("cd " + dir_.path() + " && " + command);
  }
  // A zip of what is in the directory, in the order of the names.
  void Zip(const std::string& from, const std::string& to) {
    std::filesystem::create_directories(
        std::filesystem::path(Path(to)).parent_path());
    Run("python3 -c \"import zipfile, os; os.chdir('" + from +
        "'); z = zipfile.ZipFile('" + Path(to) +
        "', 'w', zipfile.ZIP_DEFLATED); "
        "[z.write(f) for f in sorted(os.listdir('.'))]\"");
  }
  base::FailureCode Code() { return base::FailureCodeOf(status_); }

  landwaiter::testing::TempDir dir_;
  absl::Status status_;
};

TEST_F(FeedFilesTest, AMountedConfigMapIsReadOnceAndItsDigestStays) {
  const auto mount = [&](const std::string& name, const std::string& data) {
    WriteFile(Path(name + "/" + data + "/a.json"), "1");
    std::filesystem::create_directory_symlink(data, Path(name + "/..data"));
    std::filesystem::create_symlink("..data/a.json", Path(name + "/a.json"));
  };
  mount("feed", "..2026_01_01_00_00_00.1");
  mount("later", "..2026_02_02_00_00_00.2");
  EXPECT_THAT(Read("feed"), ElementsAre("a.json=1"));
  EXPECT_TRUE(status_.ok()) << status_;
  EXPECT_EQ(*FeedDigest(Path("feed"), OsvFormat()),
            *FeedDigest(Path("later"), OsvFormat()));
}

TEST_F(FeedFilesTest, ADirectoryIsReadInOrderAtAnyDepth) {
  WriteFile(Path("feed/b.json"), "2");
  WriteFile(Path("feed/a.json"), "1");
  WriteFile(Path("feed/c/d.json"), "3");
  WriteFile(Path("feed/README.md"), "no");
  EXPECT_THAT(Read("feed"), ElementsAre("a.json=1", "b.json=2", "c/d.json=3"));
  EXPECT_EQ(status_, absl::OkStatus());
}

TEST_F(FeedFilesTest, EveryKindOfArchiveIsReadAlsoInADirectory) {
  WriteFile(Path("in/a.json"), "1");
  WriteFile(Path("in/README"), "no");
  Zip("in", "feed/1.zip");
  Run("tar cf feed/2.tar -C in a.json README");
  Run("tar czf feed/3.tar.gz -C in a.json");
  Run("tar czf feed/4.tgz -C in a.json");
  Run("tar cJf feed/5.tar.xz -C in a.json");
  Run("tar cjf feed/6.tar.bz2 -C in a.json");
  Run("tar --zstd -cf feed/7.tar.zst -C in a.json");
  EXPECT_THAT(Read("feed"), ::testing::SizeIs(7));
  EXPECT_THAT(Read("feed"), ::testing::Each("a.json=1"));
  EXPECT_EQ(status_, absl::OkStatus());
  EXPECT_THAT(Read("feed/3.tar.gz"), ElementsAre("a.json=1"));
}

TEST_F(FeedFilesTest, ACompressedFileIsReadByItsNameWithoutThat) {
  for (const char* program : {"gzip", "bzip2", "xz", "zstd -q --rm"}) {
    WriteFile(Path("feed/a.json"), "1");
    Run(std::string(program) + " feed/a.json");
    EXPECT_THAT(Read("feed"), ElementsAre("a.json=1")) << program;
    std::filesystem::remove_all(Path("feed"));
  }
}

TEST_F(FeedFilesTest, ASingleFileIsReadWhateverItsName) {
  WriteFile(Path("one.txt"), "1");
  EXPECT_THAT(Read("one.txt"), ElementsAre("one.txt=1"));
  Run("gzip one.txt");
  EXPECT_THAT(Read("one.txt.gz"), ElementsAre("one.txt=1"));
}

TEST_F(FeedFilesTest, ArchivesInsideArchivesAreReadToADepth) {
  WriteFile(Path("in/a.json"), "1");
  Zip("in", "1/inner.zip");
  Zip("1", "2/middle.zip");
  WriteFile(Path("2/b.json"), "2");
  Zip("2", "outer.zip");
  EXPECT_THAT(Read("outer.zip"), UnorderedElementsAre("a.json=1", "b.json=2"));
  EXPECT_EQ(status_, absl::OkStatus());
  Read("outer.zip", {.nesting = 1});
  EXPECT_EQ(Code(), base::FailureCode::kLimitExceeded);
}

TEST_F(FeedFilesTest, ADamagedEntryIsOneFilesProblem) {
  WriteFile(Path("in/a.json"), std::string(5000, '1'));
  WriteFile(Path("in/b.json"), "2");
  Zip("in", "feed.zip");
  std::string bytes = ReadFile(Path("feed.zip"));
  // Into the first entry's deflated data.
  const size_t place = bytes.find("a.json") + 7;
  bytes[place] = static_cast<char>(bytes[place] ^ 0x55);
  WriteFile(Path("feed.zip"), bytes);
  EXPECT_THAT(Read("feed.zip"), ::testing::Contains("b.json=2"));
  EXPECT_EQ(status_, absl::OkStatus());
}

TEST_F(FeedFilesTest, ATruncatedArchiveFails) {
  for (int i = 0; i < 50; ++i) {
    WriteFile(Path("in/" + std::to_string(i) + ".json"),
              std::string(1000, static_cast<char>('a' + i % 26)) +
                  std::to_string(i * 7919));
  }
  Run("tar czf feed.tar.gz -C in .");
  const std::string bytes = ReadFile(Path("feed.tar.gz"));
  WriteFile(Path("feed.tar.gz"), bytes.substr(0, bytes.size() / 2));
  Read("feed.tar.gz");
  EXPECT_EQ(status_.code(), absl::StatusCode::kInvalidArgument) << status_;
}

TEST_F(FeedFilesTest, WhatIsNoFeedIsRefused) {
  EXPECT_THAT(Read("nowhere"), IsEmpty());
  EXPECT_EQ(status_.code(), absl::StatusCode::kNotFound);
  WriteFile(Path("empty/README"), "");
  EXPECT_THAT(Read("empty"), IsEmpty());
  EXPECT_EQ(status_.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(FeedFilesTest, TheLimitsHold) {
  WriteFile(Path("feed/a.json"), "1");
  WriteFile(Path("feed/b.json"), "2");
  Read("feed", {.files = 1});
  EXPECT_EQ(Code(), base::FailureCode::kLimitExceeded);
  Read("feed", {.bytes = 1});
  EXPECT_EQ(Code(), base::FailureCode::kLimitExceeded);
}

TEST_F(FeedFilesTest, ABombIsFoundOutWhileItUnpacks) {
  Run("head -c 300M /dev/zero | tr '\\0' ' ' | gzip > a.json.gz");
  Read("a.json.gz");
  EXPECT_EQ(Code(), base::FailureCode::kLimitExceeded) << status_;
  EXPECT_EQ(base::FailureCauseOf(status_), "feed-ratio");
}

TEST_F(FeedFilesTest, TheDigestIsOfNamesAndContentNotOfThePlace) {
  const auto digest = [&](const std::string& name) {
    return FeedDigest(Path(name), OsvFormat()).value();
  };
  WriteFile(Path("one/a.json"), "1");
  WriteFile(Path("two/a.json"), "1");
  EXPECT_EQ(digest("one"), digest("two"));
  WriteFile(Path("two/a.json"), "2");
  EXPECT_NE(digest("one"), digest("two"));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
