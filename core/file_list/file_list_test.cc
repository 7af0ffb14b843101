#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/hex.h"
#include "core/file_list/elf.h"
#include "core/file_list/reader.h"
#include "core/file_list/writer.h"

namespace landwaiter::file_list {
namespace {

constexpr uint64_t kNoLimit = uint64_t{1} << 30;

struct List {
  std::string zstd;
  std::string sha256;
  uint64_t size = 0;
  uint64_t count = 0;
  bool cut = false;
};

List Write(const std::vector<Entry>& entries, uint64_t limit = kNoLimit) {
  List list;
  Writer writer(
      [&](std::string_view bytes) {
        list.zstd += bytes;
        return absl::OkStatus();
      },
      limit);
  for (const Entry& entry : entries) EXPECT_TRUE(writer.Add(entry).ok());
  EXPECT_TRUE(writer.Finish().ok());
  list.sha256 = writer.sha256();
  list.size = writer.size();
  list.count = writer.count();
  list.cut = writer.cut();
  return list;
}

// Each entry as a line.
std::vector<std::string> Lines(const List& list) {
  std::vector<std::string> lines;
  const absl::Status status =
      Read(list.zstd, list.sha256, kNoLimit, [&](const Entry& e) {
        lines.push_back(
            std::string(ToString(e.kind)) + " " + std::string(e.path) + " " +
            std::to_string(e.mode) + " " + std::to_string(e.uid) + ":" +
            std::to_string(e.gid) + " " + std::to_string(e.size) + " " +
            base::HexEncode(e.sha256).substr(0, 4) + " " +
            base::HexEncode(e.capability) + " " + ElfArchitecture(e.elf) + " " +
            std::string(e.target) + " " + std::to_string(e.major) + "," +
            std::to_string(e.minor));
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  return lines;
}

const std::string kDigest(kSha256Bytes, '\xab');
constexpr uint32_t kAmd64 = 62 << 2 | 2;

std::vector<Entry> SomeOfEachKind() {
  return {
      {.kind = Kind::kDirectory, .path = "usr", .mode = 0755},
      {.kind = Kind::kFile,
       .path = "usr/bin/ping",
       .mode = 04755,
       .uid = 1000,
       .gid = 3'000'000'000,
       .size = uint64_t{1} << 40,
       .sha256 = kDigest,
       .capability = "\x01\x02",
       .elf = kAmd64},
      {.kind = Kind::kFile,
       .path = "usr/bin/pong",
       .mode = 04755,
       .uid = 1000,
       .gid = 3'000'000'000,
       .sha256 = kDigest},
      {.kind = Kind::kHardLink, .path = "usr/b", .target = "usr/bin/ping"},
      {.kind = Kind::kSymlink,
       .path = "bin",
       .mode = 0777,
       .target = "usr/bin"},
      {.kind = Kind::kCharDevice, .path = "dev/null", .major = 1, .minor = 3},
      {.kind = Kind::kFifo, .path = "dev/pipe"},
  };
}

TEST(FileListTest, EntriesComeBackAsTheyWereWritten) {
  EXPECT_THAT(
      Lines(Write(SomeOfEachKind())),
      ::testing::ElementsAre(
          "directory usr 493 0:0 0     0,0",
          "file usr/bin/ping 2541 1000:3000000000 1099511627776 abab 0102 "
          "amd64  0,0",
          "file usr/bin/pong 2541 1000:3000000000 0 abab    0,0",
          "hardlink usr/b 0 0:0 0    usr/bin/ping 0,0",
          "symlink bin 511 0:0 0    usr/bin 0,0",
          "chardev dev/null 0 0:0 0     1,3", "fifo dev/pipe 0 0:0 0     0,0"));
  EXPECT_TRUE(Lines(Write({})).empty());
}

// A tree of many files whose contents differ.
std::vector<std::string> Paths(int count) {
  std::vector<std::string> paths;
  for (int i = 0; i < count; ++i) {
    paths.push_back("usr/lib/python3/dist-packages/module" +
                    std::to_string(i / 20) + "/file" + std::to_string(i) +
                    ".py");
  }
  return paths;
}

List WriteMany(const std::vector<std::string>& paths,
               uint64_t limit = kNoLimit) {
  std::vector<Entry> entries;
  std::vector<std::string> digests;
  digests.reserve(paths.size());
  for (const std::string& path : paths) {
    base::Sha256 hash;
    hash.Update(path);
    digests.push_back(hash.FinishRaw());
    entries.push_back({.kind = Kind::kFile,
                       .path = path,
                       .mode = 0644,
                       .size = path.size(),
                       .sha256 = digests.back()});
  }
  return Write(entries, limit);
}

TEST(FileListTest, AFileTakesLittleMoreThanItsDigest) {
  const auto paths = Paths(20'000);
  const List list = WriteMany(paths);
  EXPECT_EQ(Lines(list).size(), paths.size());
  EXPECT_LT(list.zstd.size(), paths.size() * 42);
}

TEST(FileListTest, PastTheLimitTheListIsCutAndStaysReadable) {
  const List list = WriteMany(Paths(1000), 5'000);
  EXPECT_TRUE(list.cut);
  EXPECT_LE(list.size, 5'000u);
  EXPECT_GT(list.count, 50u);
  EXPECT_EQ(Lines(list).size(), list.count);
}

absl::Status ReadAll(const List& list, uint64_t limit = kNoLimit) {
  return Read(list.zstd, list.sha256, limit,
              [](const Entry&) { return absl::OkStatus(); });
}

TEST(FileListTest, DamageOfAnyByteIsSeen) {
  const List whole = Write(SomeOfEachKind());
  ASSERT_TRUE(ReadAll(whole).ok());
  for (size_t i = 0; i < whole.zstd.size(); ++i) {
    List damaged = whole;
    damaged.zstd[i] = static_cast<char>(damaged.zstd[i] ^ 0x11);
    // A bit of the frame's header may be one that changes nothing.
    if (ReadAll(damaged).ok()) EXPECT_EQ(Lines(damaged), Lines(whole));
    List cut = whole;
    cut.zstd.resize(i);
    EXPECT_FALSE(ReadAll(cut).ok()) << i;
  }
  List longer = whole;
  longer.zstd += '\0';
  EXPECT_FALSE(ReadAll(longer).ok());
  EXPECT_FALSE(ReadAll(WriteMany(Paths(100)), 1000).ok());
}

TEST(FileListTest, PathsThatAreNotCleanAreRefused) {
  for (const char* path : {"", "/a", "a/../b", "a//b", "./a", "a/"}) {
    EXPECT_FALSE(ReadAll(Write({{.kind = Kind::kFifo, .path = path}})).ok())
        << path;
  }
}

TEST(FileListTest, WhatTheCallerRefusesEndsTheReading) {
  const List list = WriteMany(Paths(5000));
  int seen = 0;
  EXPECT_EQ(Read(list.zstd, list.sha256, kNoLimit,
                 [&](const Entry&) {
                   return ++seen < 3 ? absl::OkStatus()
                                     : absl::CancelledError("enough");
                 })
                .code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(seen, 3);
}

std::string ElfHead(char bits, char order, std::string_view machine) {
  return std::string(
             "\x7f"
             "ELF") +
         bits + order + std::string(12, '\0') + std::string(machine);
}

TEST(ElfTest, MachinesAreNamedAsImagesNameThem) {
  using namespace std::string_view_literals;
  EXPECT_EQ(ElfArchitecture(ReadElf(ElfHead(2, 1, "\x3e\0"sv))), "amd64");
  EXPECT_EQ(ElfArchitecture(ReadElf(ElfHead(2, 1, "\xb7\0"sv))), "arm64");
  EXPECT_EQ(ElfArchitecture(ReadElf(ElfHead(2, 2, "\0\x16"sv))), "s390x");
  EXPECT_EQ(ElfArchitecture(ReadElf(ElfHead(2, 1, "\x15\0"sv))), "ppc64le");
  EXPECT_EQ(ElfArchitecture(ReadElf(ElfHead(2, 1, "\x39\x30"sv))), "elf-12345");
  EXPECT_EQ(ReadElf("#!/bin/sh\nexit 0 # a script"), 0u);
  EXPECT_EQ(ReadElf("\x7f"
                    "ELF"),
            0u);
  EXPECT_EQ(ElfArchitecture(0), "");
}

}  // namespace
}  // namespace landwaiter::file_list
