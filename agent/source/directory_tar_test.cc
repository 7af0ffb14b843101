#include "agent/source/directory_tar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace landwaiter::agent::source {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DirectoryTarTest : public ::testing::Test {
 protected:
  DirectoryTarTest() {
    fs::remove_all(folder_);
    fs::create_directories(root_);
  }

  void Write(const std::string& path, const std::string& content) {
    fs::create_directories(fs::path(root_ + "/" + path).parent_path());
    std::ofstream(root_ + "/" + path) << content;
  }

  std::vector<std::string> Stream(std::string& archive) {
    const auto problems = StreamDirectory(root_, [&](std::string_view bytes) {
      archive += bytes;
      return absl::OkStatus();
    });
    EXPECT_TRUE(problems.ok()) << problems.status();
    return problems.value_or(std::vector<std::string>());
  }

  // What GNU tar says of the archive's unpacked form beside the tree.
  int DiffersFromTree(const std::string& archive) {
    fs::create_directories(folder_ + "/copy");
    std::ofstream(folder_ + "/copy.tar") << archive;
    return std::system(("cd " + folder_ +
                        " && tar -C copy -xf copy.tar &&"
                        " diff -r --no-dereference root copy >&2")
                           .c_str());
  }

  const std::string folder_ = ::testing::TempDir() + "/directory_tar";
  const std::string root_ = folder_ + "/root";
};

TEST_F(DirectoryTarTest, GnuTarUnpacksTheSameTree) {
  Write("etc/os-release", "ID=debian\n");
  Write("empty", "");
  Write("block", std::string(512, 'b'));
  Write("large", std::string(700'001, 'l'));
  const std::string segment(200, 'd');
  Write(segment + "/" + segment + "/" + segment + "/file", "deep");
  fs::create_symlink("usr/lib", root_ + "/lib");
  fs::create_symlink(std::string(300, 't'), root_ + "/long-target");
  fs::create_symlink("nowhere", root_ + "/dangling");
  fs::create_hard_link(root_ + "/block", root_ + "/block-again");
  chmod((root_ + "/block").c_str(), 04755);

  std::string archive;
  EXPECT_THAT(Stream(archive), IsEmpty());
  EXPECT_EQ(DiffersFromTree(archive), 0);
  EXPECT_EQ(archive.size() % 512, 0u);
  struct stat info = {};
  ASSERT_EQ(stat((folder_ + "/copy/block").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 04755u);
}

TEST_F(DirectoryTarTest, TheSameTreeGivesTheSameBytes) {
  for (const char* name : {"b", "a", "c/d", "c/a"}) Write(name, name);
  std::string first;
  std::string second;
  Stream(first);
  Stream(second);
  EXPECT_EQ(first, second);
}

TEST_F(DirectoryTarTest, APipeIsLeftOutAndBlocksNobody) {
  Write("file", "x");
  ASSERT_EQ(mkfifo((root_ + "/pipe").c_str(), 0644), 0);
  std::string archive;
  EXPECT_THAT(Stream(archive), IsEmpty());
  EXPECT_THAT(archive, ::testing::Not(HasSubstr("pipe")));
}

TEST_F(DirectoryTarTest, AFileThatShrinksIsFilledUpAndSaid) {
  Write("a", std::string(10'000, 'a'));
  Write("b", "whole");
  std::string archive;
  const auto problems = StreamDirectory(root_, [&](std::string_view bytes) {
    // Its header is out, its content is not yet read.
    if (archive.empty()) truncate((root_ + "/a").c_str(), 4'000);
    archive += bytes;
    return absl::OkStatus();
  });
  ASSERT_TRUE(problems.ok()) << problems.status();
  EXPECT_THAT(*problems, ElementsAre(HasSubstr("a: ")));
  fs::resize_file(root_ + "/a", 10'000);
  EXPECT_EQ(DiffersFromTree(archive), 0);
}

TEST_F(DirectoryTarTest, ATreeDeeperThanTheLimitIsSaidAndTheRestStreamed) {
  std::string deep = "d";
  for (int i = 0; i < 250; ++i) deep += "/d";
  Write(deep + "/file", "x");
  Write("shallow", "y");
  std::string archive;
  const auto problems = Stream(archive);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("File name too long")));
  EXPECT_THAT(archive, HasSubstr("shallow"));
}

TEST_F(DirectoryTarTest, AnErrorOfTheSinkEndsIt) {
  Write("a", "x");
  const auto problems = StreamDirectory(
      root_, [](std::string_view) { return absl::AbortedError("enough"); });
  EXPECT_EQ(problems.status(), absl::AbortedError("enough"));
}

TEST_F(DirectoryTarTest, WhatIsNoDirectoryIsRefused) {
  Write("file", "x");
  const auto sink = [](std::string_view) { return absl::OkStatus(); };
  EXPECT_TRUE(
      absl::IsInvalidArgument(StreamDirectory(root_ + "/file", sink).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      StreamDirectory(root_ + "/missing", sink).status()));
}

}  // namespace
}  // namespace landwaiter::agent::source
