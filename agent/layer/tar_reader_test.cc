#include "agent/layer/tar_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "agent/layer/testing/archive_builder.h"
#include "core/base/failure.h"

namespace landwaiter::agent::layer {
namespace {

using base::FailureCode;
using testing::ArchiveBuilder;
using ::testing::ElementsAre;
using testing::FixChecksum;
using testing::TarHeaderBlock;
using Type = TarEntry::Type;

struct Seen {
  Type type;
  std::string path;
  std::string link;
  std::string content;
  bool sparse = false;
  bool ended = false;
};

void PrintTo(const Seen& seen, std::ostream* out) {
  *out << static_cast<int>(seen.type) << " " << seen.path << " -> " << seen.link
       << " \"" << seen.content << "\"";
}

class Recorder : public TarVisitor {
 public:
  absl::StatusOr<bool> OnEntry(const TarEntry& entry) override {
    seen.push_back({entry.type, std::string(entry.path),
                    std::string(entry.link), "", entry.sparse});
    return entry.type == Type::kFile;
  }
  absl::Status OnContent(std::string_view bytes) override {
    seen.back().content += bytes;
    return absl::OkStatus();
  }
  absl::Status OnContentEnd() override {
    seen.back().ended = true;
    return absl::OkStatus();
  }
  std::vector<Seen> seen;
};

absl::StatusOr<std::vector<Seen>> Read(std::string_view bytes,
                                       size_t piece = 10'000,
                                       const Limits& limits = {}) {
  Recorder recorder;
  TarReader reader(limits, recorder);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    LANDWAITER_RETURN_IF_ERROR(reader.Push(bytes.substr(0, piece)));
  }
  LANDWAITER_RETURN_IF_ERROR(reader.Finish());
  return recorder.seen;
}

void ExpectFails(std::string_view bytes, FailureCode code,
                 std::string_view cause = "", const Limits& limits = {}) {
  const auto result = Read(bytes, 10'000, limits);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(base::FailureCodeOf(result.status()), code) << result.status();
  EXPECT_EQ(base::FailureCauseOf(result.status()), cause);
}

MATCHER_P2(File, path, content, "") {
  return arg.type == Type::kFile && arg.path == path &&
         arg.content == content && arg.ended;
}
MATCHER_P3(Link, type, path, link, "") {
  return arg.type == type && arg.path == path && arg.link == link;
}

class TarReaderTest : public ::testing::TestWithParam<size_t> {};

TEST_P(TarReaderTest, EntriesComeInOrderWithTheirContent) {
  const std::string large(5000, 'x');
  ArchiveBuilder tar;
  tar.Directory("etc/").File("etc/a", "one").File("etc/empty", "");
  tar.File("etc/b", large).Symlink("l", "etc/a").HardLink("h", "etc/b");
  tar.Header('3', "dev/null", 77).File("last", "two");
  EXPECT_THAT(
      *Read(tar.Finish(), GetParam()),
      ElementsAre(Link(Type::kDirectory, "etc/", ""), File("etc/a", "one"),
                  File("etc/empty", ""), File("etc/b", large),
                  Link(Type::kSymlink, "l", "etc/a"),
                  Link(Type::kHardLink, "h", "etc/b"),
                  Link(Type::kCharDevice, "dev/null", ""),
                  File("last", "two")));
}

TEST_P(TarReaderTest, LongNamesOfGnuAndPaxReplaceTheHeaders) {
  const std::string name(300, 'n');
  const std::string link(300, 'l');
  ArchiveBuilder tar;
  tar.LongName(name).LongLink(link).Symlink("short", "short");
  tar.File("own", "1");
  tar.Pax({{"path", name}, {"linkpath", link}, {"mtime", "1.5"}})
      .HardLink("short", "short");
  tar.Pax({{"path", "for all"}}, 'g').File("own", "2");
  EXPECT_THAT(*Read(tar.Finish(), GetParam()),
              ElementsAre(Link(Type::kSymlink, name, link), File("own", "1"),
                          Link(Type::kHardLink, name, link), File("own", "2")));
}

TEST_P(TarReaderTest, PaxSizeReplacesTheHeaders) {
  ArchiveBuilder tar;
  tar.Pax({{"size", "5"}}).Header('0', "a", 0).Bytes("12345").Pad();
  tar.File("b", "x");
  EXPECT_THAT(*Read(tar.Finish(), GetParam()),
              ElementsAre(File("a", "12345"), File("b", "x")));
}

std::string Field(uint64_t number) {
  char text[13];
  std::snprintf(text, sizeof(text), "%011llo",
                static_cast<unsigned long long>(number));
  return std::string(text, 12);
}

// A header of the old GNU format, with one piece.
std::string GnuSparse(std::string_view path, uint64_t stored, uint64_t real,
                      uint64_t offset, uint64_t size) {
  std::string header = TarHeaderBlock('S', path, stored, "", {"ustar  \0", 8});
  header.replace(386, 24, Field(offset) + Field(size));
  header.replace(483, 12, Field(real));
  FixChecksum(header);
  return header;
}

std::string TextMap(std::string text) {
  text.resize((text.size() + kTarBlock - 1) / kTarBlock * kTarBlock);
  return text;
}

TEST_P(TarReaderTest, SparseFilesOfEveryFormatHaveTheirHoles) {
  const std::string want = std::string(2, '\0') + "ab" + std::string(3, '\0') +
                           "c" + std::string(2, '\0');
  std::string old = GnuSparse("old", 3, 10, 2, 2);
  old[482] = 1;
  FixChecksum(old);
  std::string more(kTarBlock, '\0');
  more.replace(0, 24, Field(7) + Field(1));
  ArchiveBuilder tar;
  tar.Bytes(old).Bytes(more).Bytes("abc").Pad();
  tar.Pax({{"GNU.sparse.size", "10"},
           {"GNU.sparse.numblocks", "2"},
           {"GNU.sparse.offset", "2"},
           {"GNU.sparse.numbytes", "2"},
           {"GNU.sparse.offset", "7"},
           {"GNU.sparse.numbytes", "1"}})
      .File("v0.0", "abc");
  tar.Pax({{"GNU.sparse.name", "v0.1"},
           {"GNU.sparse.size", "10"},
           {"GNU.sparse.numblocks", "2"},
           {"GNU.sparse.map", "2,2,7,1"}})
      .File("GNUSparseFile.1/v0.1", "abc");
  tar.Pax({{"GNU.sparse.major", "1"},
           {"GNU.sparse.minor", "0"},
           {"GNU.sparse.realsize", "10"},
           {"GNU.sparse.name", "v1.0"}})
      .File("GNUSparseFile.0/v1.0", TextMap("2\n2\n2\n7\n1\n") + "abc");
  tar.File("after", "x");
  const auto seen = Read(tar.Finish(), GetParam());
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_THAT(*seen, ElementsAre(File("old", want), File("v0.0", want),
                                 File("v0.1", want), File("v1.0", want),
                                 File("after", "x")));
  EXPECT_TRUE((*seen)[0].sparse);
  EXPECT_FALSE((*seen)[4].sparse);
}

TEST_P(TarReaderTest, SparseMapsThatDoNotSuitAreCorrupt) {
  ArchiveBuilder behind;
  behind.Bytes(GnuSparse("f", 3, 10, 8, 3)).Bytes("abc").Pad();
  ArchiveBuilder little;
  little.Bytes(GnuSparse("f", 2, 10, 2, 3)).Bytes("ab").Pad();
  const auto pax = [](const std::string& blocks, const std::string& map) {
    ArchiveBuilder tar;
    tar.Pax({{"GNU.sparse.size", "9"},
             {"GNU.sparse.numblocks", blocks},
             {"GNU.sparse.map", map}});
    return tar.File("f", "abc").Finish();
  };
  const auto text = [](const std::string& map) {
    ArchiveBuilder tar;
    tar.Pax({{"GNU.sparse.major", "1"}, {"GNU.sparse.minor", "0"}});
    return tar.File("f", map).Finish();
  };
  for (const std::string& bytes :
       {behind.Finish(), little.Finish(), pax("2", "0,3"), pax("1", "0,3,4"),
        pax("2", "4,2,0,1"), pax("2", "0,2,1,1"), pax("1", "0,-3"),
        pax("1", "18446744073709551615,3"), text("1\n0\n1\n"),
        text(TextMap("x\n")), text(TextMap("1\n0\n")),
        text(TextMap("99999999999999999\n0\n1\n"))}) {
    const auto seen = Read(bytes, GetParam());
    ASSERT_FALSE(seen.ok());
    EXPECT_EQ(base::FailureCodeOf(seen.status()), FailureCode::kCorruptLayer)
        << seen.status();
  }
}

INSTANTIATE_TEST_SUITE_P(Pieces, TarReaderTest,
                         ::testing::Values(1, 7, 511, 512, 513, 100'000));

TEST(TarReader, PrefixGoesBeforeTheName) {
  std::string block = TarHeaderBlock('0', "name", 0);
  block.replace(345, 6, "prefix");
  FixChecksum(block);
  EXPECT_THAT(*Read(block), ElementsAre(File("prefix/name", "")));
}

TEST(TarReader, OldGoArchivesKeepTheirPrefix) {
  std::string block = TarHeaderBlock('0', "name", 0, "", {"ustar  \0", 8});
  block.replace(345, 6, "prefix");
  FixChecksum(block);
  EXPECT_THAT(*Read(block), ElementsAre(File("prefix/name", "")));
  // Real GNU times are no prefix.
  block.replace(345, 12, "14000000000", 12);
  FixChecksum(block);
  EXPECT_THAT(*Read(block), ElementsAre(File("name", "")));
}

TEST(TarReader, AGlobalHeaderUsesUpWhatStoodBeforeIt) {
  ArchiveBuilder tar;
  tar.LongName("smuggled").Pax({{"path", "too"}});
  tar.Pax({{"comment", "x"}}, 'g').File("own", "1");
  EXPECT_THAT(*Read(tar.Finish()), ElementsAre(File("own", "1")));
}

TEST(TarReader, ASparseVersionThatIsNotKnownIsAPlainFile) {
  ArchiveBuilder tar;
  tar.Pax({{"GNU.sparse.major", "2"}, {"GNU.sparse.name", "smuggled"}});
  tar.File("own", "1");
  const auto seen = *Read(tar.Finish());
  EXPECT_THAT(seen, ElementsAre(File("own", "1")));
  EXPECT_FALSE(seen[0].sparse);
}

TEST(TarReader, V7DirectoriesEndInASlash) {
  const std::string_view no_magic("\0\0\0\0\0\0\0\0", 8);
  const std::string bytes = TarHeaderBlock('\0', "dir/", 0, "", no_magic) +
                            TarHeaderBlock('\0', "file", 0, "", no_magic);
  EXPECT_THAT(*Read(bytes), ElementsAre(Link(Type::kDirectory, "dir/", ""),
                                        File("file", "")));
}

TEST(TarReader, SignedChecksumsOfOldProgramsAreAccepted) {
  std::string block = TarHeaderBlock('0', "\xc3\xa4", 0);
  int sum = 0;
  block.replace(148, 8, 8, ' ');
  for (const char c : block) sum += static_cast<signed char>(c);
  char text[8];
  std::snprintf(text, sizeof(text), "%06o", static_cast<unsigned>(sum));
  block.replace(148, 7, text, 7);
  EXPECT_THAT(*Read(block), ElementsAre(File("\xc3\xa4", "")));
}

TEST(TarReader, Base256SizesAreRead) {
  // More than a file can have: the rest of the stream is its content.
  ArchiveBuilder tar;
  tar.Header('0', "large", uint64_t{1} << 40).Bytes("abc");
  ExpectFails(tar.bytes(), FailureCode::kCorruptLayer);
}

TEST(TarReader, AnEmptyStreamAndAMissingEndAreAccepted) {
  EXPECT_THAT(*Read(""), ElementsAre());
  EXPECT_THAT(*Read(ArchiveBuilder().File("a", "b").bytes()),
              ElementsAre(File("a", "b")));
}

TEST(TarReader, BytesBehindTheEndAreIgnored) {
  const std::string bytes = ArchiveBuilder().File("a", "b").Finish() +
                            ArchiveBuilder().File("c", "d").Finish() + "x";
  EXPECT_THAT(*Read(bytes), ElementsAre(File("a", "b")));
}

TEST(TarReader, WhatIsNoArchiveIsCorrupt) {
  ExpectFails(std::string(2000, 'x'), FailureCode::kCorruptLayer);
  ExpectFails("short", FailureCode::kCorruptLayer);
  const std::string whole = ArchiveBuilder().File("a", "b").bytes();
  ExpectFails(whole.substr(0, 512), FailureCode::kCorruptLayer);
  std::string changed = whole;
  changed[0] = 'x';
  ExpectFails(changed, FailureCode::kCorruptLayer);
  ExpectFails(whole + std::string(512, '\0') + whole,
              FailureCode::kCorruptLayer);
}

TEST(TarReader, MalformedExtendedHeadersAreCorrupt) {
  using namespace std::string_literals;
  for (const std::string& records :
       {"5 a=b\n"s, "6 a=b"s, "99 a=b\n"s, "x"s, "5 =b\n\n"s, " a=b\n"s,
        "99999999999999999999999 a=b\n"s, "11 path=a\0b\n"s, "10 size=x\n"s,
        "11 size=-1\n"s}) {
    ArchiveBuilder tar;
    tar.Header('x', "p", records.size()).Bytes(records).Pad().File("a", "b");
    ExpectFails(tar.Finish(), FailureCode::kCorruptLayer);
  }
}

TEST(TarReader, LimitsAreTyped) {
  Limits limits;
  limits.entries = 3;
  ArchiveBuilder many;
  for (int i = 0; i < 20; ++i) many.Directory("d");
  ExpectFails(many.Finish(), FailureCode::kLimitExceeded, "entries", limits);

  // A terabyte of holes, of one file or of many.
  limits = {};
  ArchiveBuilder holes;
  limits.sparse_bytes = 250;
  for (int i = 0; i < 3; ++i) holes.Bytes(GnuSparse("f", 0, 100, 0, 0));
  ExpectFails(holes.Finish(), FailureCode::kLimitExceeded, "sparseSize",
              limits);
  limits = {};
  std::string large = GnuSparse("f", 0, 0, 0, 0);
  large.replace(483, 12, {"\x80\0\0\0\0\0\x01\0\0\0\0\0", 12});
  FixChecksum(large);
  ExpectFails(large, FailureCode::kLimitExceeded, "sparseSize");
  const std::string endless(2 << 20, '1');
  ArchiveBuilder map;
  map.Pax({{"GNU.sparse.major", "1"}, {"GNU.sparse.minor", "0"}});
  ExpectFails(map.File("f", endless).Finish(), FailureCode::kLimitExceeded,
              "header");

  ExpectFails(ArchiveBuilder().Header('L', "l", 2 << 20).bytes(),
              FailureCode::kLimitExceeded, "header");
  ExpectFails(
      ArchiveBuilder().LongName(std::string(5000, 'a')).File("a", "").Finish(),
      FailureCode::kLimitExceeded, "path");
}

}  // namespace
}  // namespace landwaiter::agent::layer
