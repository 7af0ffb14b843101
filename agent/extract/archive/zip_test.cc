#include "agent/extract/archive/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::archive {
namespace {

using archive::testing::ZipBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class CountingFile : public MemoryFile {
 public:
  using MemoryFile::MemoryFile;
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer,
                                size_t size) override {
    const auto n = MemoryFile::ReadAt(offset, buffer, size);
    read += *n;
    return n;
  }
  uint64_t read = 0;
};

struct Content {
  bool zip = false;
  std::map<std::string, std::string> members;
  std::string problem;
  uint64_t read = 0;
};

// Reads all members of at most `limit` bytes.
Content ReadZip(std::string_view bytes, uint64_t limit = 1 << 20) {
  Content content;
  CountingFile file(bytes);
  Problems problems;
  Budget budget = Budget::ForFileOf(bytes.size());
  auto zip = Zip::Open(file, problems);
  EXPECT_TRUE(zip.ok());
  if (zip->has_value()) {
    content.zip = true;
    std::vector<ZipEntry> entries;
    EXPECT_TRUE((*zip)
                    ->ForEach([&](ZipEntry entry) {
                      entries.push_back(std::move(entry));
                      return absl::OkStatus();
                    })
                    .ok());
    for (const ZipEntry& entry : entries) {
      auto bytes_of = (*zip)->ReadMember(entry, limit, budget);
      EXPECT_TRUE(bytes_of.ok());
      if (bytes_of->has_value()) content.members[entry.name] = **bytes_of;
    }
  }
  content.problem = problems.Text();
  content.read = file.read;
  return content;
}

void Overwrite(std::string& bytes, size_t at, uint64_t number, int size) {
  for (int i = 0; i < size; ++i) {
    bytes[at + static_cast<size_t>(i)] =
        static_cast<char>(number >> (8 * i) & 0xFF);
  }
}

// Where the directory's first entry is.
size_t DirectoryOf(const std::string& bytes) {
  return bytes.find(std::string("PK\1\2", 4));
}

TEST(ZipTest, StoredAndDeflatedMembersAreRead) {
  const std::string large(200'000, 'x');
  const Content content = ReadZip(ZipBuilder()
                                      .Store("a", "stored")
                                      .Deflated("b/c", large)
                                      .Store("empty", "")
                                      .Build());
  EXPECT_THAT(
      content.members,
      ElementsAre(Pair("a", "stored"), Pair("b/c", large), Pair("empty", "")));
  EXPECT_EQ(content.problem, "");
}

TEST(ZipTest, Zip64IsRead) {
  const Content content =
      ReadZip(ZipBuilder().Store("a", "1").Wide("b", "2").BuildWide());
  EXPECT_THAT(content.members, ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_EQ(content.problem, "");
}

TEST(ZipTest, AnArchiveBehindAScriptIsRead) {
  const ZipBuilder builder = ZipBuilder().Store("a", "1").Wide("b", "2");
  for (const std::string& zip : {builder.Build(), builder.BuildWide()}) {
    const Content content = ReadZip("#!/bin/sh\nexec java -jar $0\n" + zip);
    EXPECT_THAT(content.members, ElementsAre(Pair("a", "1"), Pair("b", "2")));
    EXPECT_EQ(content.problem, "");
  }
}

TEST(ZipTest, BytesBehindAnArchiveAreIgnored) {
  const Content content = ReadZip(ZipBuilder().Store("a", "1").Build() + "\n");
  EXPECT_THAT(content.members, ElementsAre(Pair("a", "1")));
}

TEST(ZipTest, AnArchiveStoredInACutOneIsNotTakenForIt) {
  const std::string inner = ZipBuilder().Store("a", "1").Build();
  const std::string bytes = ZipBuilder().Store("inner", inner).Build();
  EXPECT_FALSE(ReadZip(bytes.substr(0, bytes.size() - 10)).zip);
}

TEST(ZipTest, AnEmptyArchiveHasNoMembers) {
  const Content content = ReadZip(ZipBuilder().Build());
  EXPECT_TRUE(content.zip);
  EXPECT_EQ(content.problem, "");
}

TEST(ZipTest, OtherFilesAreNoZip) {
  for (const std::string& bytes :
       {std::string(), std::string("PK\3\4"), std::string(100'000, 'P')}) {
    const Content content = ReadZip(bytes);
    EXPECT_FALSE(content.zip);
    EXPECT_EQ(content.problem, "");
  }
}

TEST(ZipTest, WhatTheToolPacksIsRead) {
  if (!extract::testing::HaveTool("zip")) GTEST_SKIP() << "no zip here";
  const extract::testing::TempDir dir;
  const std::string text(100'000, 'y');
  extract::testing::WriteFile(dir.path() + "/text", text);
  extract::testing::RunCommand("cd " + dir.path() +
                               " && zip -q -z all.zip text </dev/null");
  EXPECT_THAT(
      ReadZip(extract::testing::ReadFile(dir.path() + "/all.zip")).members,
      ElementsAre(Pair("text", text)));
}

TEST(ZipHostileTest, EncryptedAndUnknownMethodsAreProblems) {
  std::string bytes = ZipBuilder().Store("a", "1").Build();
  const size_t entry = DirectoryOf(bytes);
  Overwrite(bytes, entry + 8, 1, 2);
  EXPECT_EQ(ReadZip(bytes).problem, "a: it is encrypted");
  Overwrite(bytes, entry + 8, 0, 2);
  Overwrite(bytes, entry + 10, 14, 2);
  EXPECT_EQ(ReadZip(bytes).problem, "a: method 14 of compression");
}

TEST(ZipHostileTest, AWrongChecksumIsAProblem) {
  std::string bytes = ZipBuilder().Store("a", "stored").Build();
  bytes[bytes.find("stored")] = 'S';
  const Content content = ReadZip(bytes);
  EXPECT_THAT(content.members, IsEmpty());
  EXPECT_EQ(content.problem, "a: its checksum does not match");
}

TEST(ZipHostileTest, SizesThatLieAreProblems) {
  const std::string good =
      ZipBuilder().Deflated("a", std::string(1000, 'x')).Build();
  const size_t entry = DirectoryOf(good);
  for (const auto& [size, problem] :
       std::vector<std::pair<uint64_t, std::string>>{
           {999, "more bytes"}, {1001, "fewer bytes"}, {0, "checksum"}}) {
    std::string bytes = good;
    Overwrite(bytes, entry + 24, size, 4);
    EXPECT_THAT(ReadZip(bytes).problem, HasSubstr(problem)) << size;
  }
  std::string bytes = good;
  Overwrite(bytes, entry + 20, 3, 4);
  EXPECT_THAT(ReadZip(bytes).problem, HasSubstr("is cut"));
  Overwrite(bytes, entry + 20, 0x7FFFFFFF, 4);
  EXPECT_THAT(ReadZip(bytes).problem, HasSubstr("overlap"));
  Overwrite(bytes, entry + 20, bytes.size(), 4);
  EXPECT_THAT(ReadZip(bytes).problem, HasSubstr("ends behind the archive"));
}

TEST(ZipHostileTest, AMemberOverTheLimitIsNotRead) {
  const std::string bytes =
      ZipBuilder().Deflated("a", std::string(1000, 'x')).Build();
  EXPECT_THAT(ReadZip(bytes, 1000).members,
              ElementsAre(Pair("a", ::testing::_)));
  EXPECT_EQ(ReadZip(bytes, 999).problem,
            "a: it has 1000 bytes, the limit is 999");
}

TEST(ZipHostileTest, AHeaderElsewhereIsAProblem) {
  std::string bytes = ZipBuilder().Store("a", "1").Store("b", "2").Build();
  Overwrite(bytes, DirectoryOf(bytes) + 42, 1, 4);
  EXPECT_EQ(ReadZip(bytes).problem,
            "a: its header is not where the directory says");
  Overwrite(bytes, DirectoryOf(bytes) + 42, 0xFFFFFFFE, 4);
  EXPECT_EQ(ReadZip(bytes).problem,
            "entry 1 of the archive's directory is invalid");
}

TEST(ZipHostileTest, OneMemberForManyEntriesIsNotReadForAll) {
  ZipBuilder builder;
  builder.Deflated("a", std::string(1'000'000, 'x'));
  for (int i = 0; i < 1000; ++i) builder.Again("a");
  const std::string bytes = builder.Build();
  const Content content = ReadZip(bytes);
  EXPECT_THAT(content.problem, HasSubstr("members overlap"));
  EXPECT_LE(content.read, 8 * bytes.size());
}

TEST(ZipHostileTest, TheBudgetEndsInflating) {
  const std::string bytes =
      ZipBuilder().Deflated("a", std::string(1'000'000, 'x')).Build();
  MemoryFile file(bytes);
  Problems problems;
  auto zip = Zip::Open(file, problems);
  Budget budget(999'999);
  ASSERT_TRUE((*zip)
                  ->ForEach([&](ZipEntry entry) {
                    return (*zip)->ReadMember(entry, 1 << 20, budget).status();
                  })
                  .ok());
  EXPECT_THAT(problems.Text(), HasSubstr("too many bytes"));
  EXPECT_FALSE(budget.Spend(1));
}

TEST(ZipHostileTest, ADirectoryThatIsNotThereIsAProblem) {
  std::string bytes = ZipBuilder().Store("a", "1").Build();
  Overwrite(bytes, bytes.size() - 10, 0xFFFFFF, 4);  // the directory's size
  const Content content = ReadZip(bytes);
  EXPECT_FALSE(content.zip);
  EXPECT_EQ(content.problem, "the archive's directory is not before its end");
}

TEST(ZipHostileTest, ACountThatLiesIsAProblem) {
  std::string bytes = ZipBuilder().Store("a", "1").Build();
  Overwrite(bytes, bytes.size() - 12, 7, 2);
  const Content content = ReadZip(bytes);
  EXPECT_THAT(content.members, ElementsAre(Pair("a", "1")));
  EXPECT_EQ(content.problem,
            "the archive's directory has 1 entries, its end says 7");
}

TEST(MemberTest, ReadingBackStartsOver) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i);
  const std::string deflated = archive::testing::Deflate(text);
  MemoryFile file(deflated);
  Budget budget(10 * text.size());
  const auto member =
      NewDeflatedMember(file, 0, deflated.size(), text.size(), budget);
  for (const size_t offset : {text.size() - 10, size_t{5}, size_t{100'000}}) {
    std::string piece;
    ASSERT_TRUE(*ReadExactly(*member, offset, 10, &piece));
    EXPECT_EQ(piece, text.substr(offset, 10));
  }
  EXPECT_EQ(member->damage(), "");
}

}  // namespace
}  // namespace landwaiter::agent::extract::archive
