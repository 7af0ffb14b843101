// Databases made to keep their reader busy: links in circles, one content
// used many times, huge lengths. The work must stay in proportion to the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "agent/extract/os/rpm/rpm.h"
#include "agent/extract/os/rpm/testing/databases.h"

namespace landwaiter::agent::extract::os {
namespace {

using os::testing::MakeBdb;
using os::testing::MakeHeader;
using os::testing::MakeNdb;
using os::testing::MakeSqlite;
using os::testing::Put;
using ::testing::HasSubstr;

class CountingFile : public MemoryFile {
 public:
  using MemoryFile::MemoryFile;
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer,
                                size_t size) override {
    read_ += size;
    return MemoryFile::ReadAt(offset, buffer, size);
  }
  uint64_t read() const { return read_; }

 private:
  uint64_t read_ = 0;
};

void Overwrite(std::string& bytes, size_t at, uint64_t number, int size,
               std::endian order) {
  std::string value;
  Put(value, number, size, order);
  bytes.replace(at, value.size(), value);
}

// Extracts, expects that no more than three times the file was read, and
// gives the problem.
std::string ProblemOf(const std::string& bytes) {
  CountingFile file(bytes);
  const auto extract = Rpm().Extract("var/lib/rpm/Packages", file);
  EXPECT_TRUE(extract.ok()) << extract.status();
  EXPECT_LE(file.read(), 3 * bytes.size() + 4096);
  return extract.ok() ? extract->problem : "";
}

TEST(HostileBdbTest, AChainInACircleIsBroken) {
  // Pages: meta, counter, hash page, overflow pages from 3.
  std::string bytes = MakeBdb({MakeHeader({.padding = 20'000})});
  Overwrite(bytes, 4 * 4096 + 16, 3, 4, std::endian::little);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("chain of pages is broken"));
}

TEST(HostileBdbTest, AChainOfEmptyPagesIsBroken) {
  std::string bytes = MakeBdb({MakeHeader({.padding = 20'000})});
  Overwrite(bytes, 3 * 4096 + 22, 0, 2, std::endian::little);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("chain of pages is broken"));
}

TEST(HostileBdbTest, AHugeHeaderIsNotRead) {
  std::string bytes = MakeBdb({MakeHeader({.padding = 20'000})});
  // The length ends the item, which begins 12 + 5 bytes before its page's end.
  Overwrite(bytes, 3 * 4096 - 5 - 4, 0x7FFFFFFF, 4, std::endian::little);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("a header of 2147483647 bytes"));
}

TEST(HostileBdbTest, OneChainIsReadOnce) {
  std::string bytes = MakeBdb({MakeHeader({.padding = 1'000'000})});
  // 200 items, all of which name the chain.
  const std::string page = bytes.substr(2 * 4096, 4096);
  for (int copy = 0; copy < 200; ++copy) bytes += page;
  Overwrite(bytes, 32, bytes.size() / 4096 - 1, 4, std::endian::little);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("(and 199 more)"));
}

TEST(HostileBdbTest, ItemsOutsideOfTheirPageAreNotRead) {
  for (const uint16_t offset : {0, 4, 4096, 65535}) {
    std::string bytes = MakeBdb({MakeHeader({})});
    Overwrite(bytes, 2 * 4096 + 26, offset, 2, std::endian::little);
    EXPECT_THAT(ProblemOf(bytes), HasSubstr("an item outside of its page"));
  }
}

TEST(HostileNdbTest, OneBlobIsNotReadForManySlots) {
  std::string bytes = MakeNdb({MakeHeader({.padding = 1'000'000})});
  const std::string slot = bytes.substr(32, 16);
  for (size_t at = 48; at < 4096; at += 16) bytes.replace(at, 16, slot);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("blobs that overlap"));
}

TEST(HostileNdbTest, HugeLengthsAreNotRead) {
  std::string bytes = MakeNdb({MakeHeader({})});
  Overwrite(bytes, 32 + 12, 0xFFFFFFFF, 4, std::endian::little);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("a blob of"));
  bytes = MakeNdb({MakeHeader({})});
  Overwrite(bytes, 4096 + 12, 0xFFFFFFFF, 4, std::endian::little);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("a broken blob"));
  bytes = MakeNdb({MakeHeader({})});
  Overwrite(bytes, 12, 0xFFFFFFFF, 4, std::endian::little);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("the database is cut"));
}

// With pages of 512 bytes and some hundred rows the table is a tree.
std::string TreeSqlite() {
  std::vector<std::string> headers(300, MakeHeader({.padding = 1500}));
  return MakeSqlite(headers, "PRAGMA page_size = 512");
}

TEST(HostileSqliteTest, ATreeInACircleEnds) {
  std::string bytes = TreeSqlite();
  // Every interior page's right-most child becomes the table's root, page 2.
  for (size_t page = 512; page < bytes.size(); page += 512) {
    if (bytes[page] == 5) {
      Overwrite(bytes, page + 8, 2, 4, std::endian::big);
    }
  }
  EXPECT_THAT(ProblemOf(bytes),
              HasSubstr("page 2: not there, or linked twice"));
}

TEST(HostileSqliteTest, AnOverflowInACircleEnds) {
  std::string bytes =
      MakeSqlite({MakeHeader({.padding = 100'000})}, "PRAGMA page_size = 512");
  const size_t last_page = bytes.size() / 512;
  // The chain's pages follow one another at the file's end.
  Overwrite(bytes, (last_page - 2) * 512, last_page - 20, 4, std::endian::big);
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("overflow is broken"));
}

TEST(HostileSqliteTest, CellsThatOverlapAreNotReadAgain) {
  // A leaf whose cells are all the one that is there.
  std::string bytes =
      MakeSqlite({MakeHeader({.padding = 20'000})}, "PRAGMA page_size = 32768");
  const size_t leaf = 32768;
  const std::string place = bytes.substr(leaf + 8, 2);
  Overwrite(bytes, leaf + 3, 2000, 2, std::endian::big);
  for (int cell = 1; cell < 2000; ++cell) {
    bytes.replace(leaf + 8 + 2 * static_cast<size_t>(cell), 2, place);
  }
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("rows that overlap"));
}

TEST(HostileSqliteTest, AHugeRowIsNotRead) {
  std::string bytes = MakeSqlite({MakeHeader({.padding = 20'000})});
  const size_t at = 4096 + 256 * static_cast<uint8_t>(bytes[4096 + 8]) +
                    static_cast<uint8_t>(bytes[4096 + 9]);
  bytes.replace(at, 5, "\xFF\xFF\xFF\xFF\x7F");
  EXPECT_THAT(ProblemOf(bytes), HasSubstr("a row of 34359738367 bytes"));
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
