#include "agent/layer/layer_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/layer/in_process_layer_scanner.h"
#include "agent/layer/testing/archive_builder.h"
#include "agent/layer/testing/line_extractor.h"
#include "core/base/failure.h"
#include "core/base/hex.h"
#include "core/base/strings.h"
#include "core/file_list/reader.h"
#include "core/model/layer_report_check.h"

namespace landwaiter::agent::layer {
namespace {

using base::FailureCode;
using testing::ArchiveBuilder;
using ::testing::ElementsAre;
using testing::Gzip;
using ::testing::IsEmpty;
using testing::Zstd;

Extractors TestExtractors() {
  Extractors extractors;
  extractors.push_back(std::make_unique<testing::LineExtractor>());
  return extractors;
}

absl::StatusOr<model::LayerReport> ScanBytes(std::string_view bytes,
                                             const Limits& limits = {},
                                             size_t piece = 10'000,
                                             model::Digest diff_id = {}) {
  InProcessLayerScanner scanner(TestExtractors, limits);
  model::LayerRef layer;
  layer.blob.digest = model::Digest::Of(bytes);
  layer.diff_id = diff_id;
  return scanner.Scan(layer, [&](source::BlobSink sink) {
    for (std::string_view rest = bytes; !rest.empty();
         rest.remove_prefix(std::min(piece, rest.size()))) {
      LANDWAITER_RETURN_IF_ERROR(sink(rest.substr(0, piece)));
    }
    return absl::OkStatus();
  });
}

model::LayerReport Scan(const ArchiveBuilder& tar) {
  const absl::StatusOr<model::LayerReport> report = ScanBytes(tar.Finish());
  EXPECT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(model::CheckLayerReport(*report).ok());
  return *report;
}

// "path: package,package" or "path: !" for a problem.
std::vector<std::string> Extracts(const model::LayerReport& report) {
  std::vector<std::string> result;
  for (const model::FileExtract& extract : report.extracts) {
    std::string text = extract.path + ":";
    for (const auto& package : extract.packages) text += " " + package.name;
    if (!extract.problem.empty()) text += " !";
    result.push_back(text);
  }
  return result;
}

void ExpectFails(std::string_view bytes, FailureCode code,
                 std::string_view cause = "", const Limits& limits = {}) {
  const auto report = ScanBytes(bytes, limits);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(base::FailureCodeOf(report.status()), code) << report.status();
  EXPECT_EQ(base::FailureCauseOf(report.status()), cause);
}

TEST(LayerReader, AFileThatIsWantedByItsContentIsReadWholeInPiecesOfAnySize) {
  ArchiveBuilder tar;
  const std::string body = "#lines\n" + std::string(2000, 'x') + "\nb\n";
  tar.File("bin/tool", body).File("bin/short", "#lines\n");
  tar.File("bin/other", std::string(3000, 'y')).File("bin/empty", "");
  for (const size_t piece : {1, 100, 511, 512, 513, 100'000}) {
    const auto report = ScanBytes(tar.Finish(), {}, piece);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_THAT(Extracts(*report),
                ElementsAre("bin/short: #lines",
                            "bin/tool: #lines b " + std::string(2000, 'x')));
  }
}

TEST(LayerReader, AProgramThatIsTooLargeToBeReadIsAProblemOfItsOwn) {
  ArchiveBuilder tar;
  tar.File("bin/tool", "#lines\na\n").File("bin/small", "#lines\n");
  Limits limits;
  limits.file_bytes = 7;
  const auto report = ScanBytes(tar.Finish(), limits);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(Extracts(*report),
              ElementsAre("bin/small: #lines", "bin/tool: !"));
  EXPECT_EQ(report->extracts[1].problem,
            "it has 9 bytes, which is more than is read of a file");
}

TEST(LayerReader, ReportsWantedFilesAndTheLayersIdentity) {
  ArchiveBuilder tar;
  tar.Directory("db/").File("./db/list", "b\na\n").File("other", "x");
  tar.File("/db/list.d/x", "c\n");
  for (const std::string& bytes :
       {tar.Finish(), Gzip(tar.Finish()), Zstd(tar.Finish())}) {
    for (const size_t piece : {1, 100, 100'000}) {
      const auto report = ScanBytes(bytes, {}, piece);
      ASSERT_TRUE(report.ok()) << report.status();
      EXPECT_THAT(Extracts(*report),
                  ElementsAre("db/list: a b", "db/list.d/x: c"));
      EXPECT_EQ(report->extracts[0].extractor, "test/line");
      EXPECT_EQ(report->extracts[0].extractor_version, 3u);
      EXPECT_EQ(report->blob_digest, model::Digest::Of(bytes));
      EXPECT_EQ(report->diff_id, model::Digest::Of(tar.Finish()));
      EXPECT_EQ(report->compressed_size, bytes.size());
      EXPECT_EQ(report->uncompressed_size, tar.Finish().size());
      EXPECT_EQ(report->entries, 4u);
    }
  }
}

TEST(LayerReader, TheLastEntryOfAPathWins) {
  EXPECT_THAT(
      Extracts(
          Scan(ArchiveBuilder().File("db/list", "old").File("db/list", "new"))),
      ElementsAre("db/list: new"));
  EXPECT_THAT(
      Extracts(
          Scan(ArchiveBuilder().File("db/list", "old").Directory("db/list"))),
      IsEmpty());
  EXPECT_THAT(Extracts(Scan(
                  ArchiveBuilder().File("db/list", "old").Symlink("db", "x"))),
              IsEmpty());
  EXPECT_THAT(
      Extracts(Scan(ArchiveBuilder().File("db/list", "old").Directory("db"))),
      ElementsAre("db/list: old"));
}

TEST(LayerReader, WhiteoutsAreSortedAndDoNotHideTheLayersOwnFiles) {
  ArchiveBuilder tar;
  tar.File("z/.wh.gone", "").File("db/list", "a").File("db/.wh.list", "");
  tar.File("db/.wh..wh..opq", "").File(".wh.top", "").File("z/.wh.gone", "");
  tar.File(".wh..wh.plnk/1", "").File(".wh..wh.aufs", "").File("a/.wh.", "");
  tar.File("a/.wh...", "").File(".wh..wh..opq", "");
  const model::LayerReport report = Scan(tar);
  EXPECT_THAT(report.whiteouts, ElementsAre(model::Whiteout{"", true},
                                            model::Whiteout{"db", true},
                                            model::Whiteout{"db/list", false},
                                            model::Whiteout{"top", false},
                                            model::Whiteout{"z/gone", false}));
  EXPECT_THAT(Extracts(report), ElementsAre("db/list: a"));
}

TEST(LayerReader, WhatStandsInTheWayOfAWellKnownPathIsReported) {
  const model::LayerReport report =
      Scan(ArchiveBuilder().Symlink("db", "srv/../data").File("x", ""));
  EXPECT_THAT(report.obstructions, ElementsAre("db"));
  EXPECT_THAT(report.links,
              ElementsAre(model::LayerReport::Link{"db", "data"}));

  const model::LayerReport file = Scan(ArchiveBuilder()
                                           .Directory("db")
                                           .Symlink("db/list", "/a/list")
                                           .File("db/list.d", ""));
  EXPECT_THAT(file.obstructions, ElementsAre("db/list", "db/list.d"));
  EXPECT_THAT(file.links,
              ElementsAre(model::LayerReport::Link{"db/list", "a/list"}));

  const model::LayerReport directory =
      Scan(ArchiveBuilder().Directory("db/list").Directory("db/list.d"));
  EXPECT_THAT(directory.obstructions, ElementsAre("db/list"));
  EXPECT_THAT(directory.links, IsEmpty());
}

TEST(LayerReader, ALinkThatIsReplacedIsNoLink) {
  const model::LayerReport report =
      Scan(ArchiveBuilder().Symlink("db/list", "x").File("db/list", "a"));
  EXPECT_THAT(report.links, IsEmpty());
  EXPECT_THAT(report.obstructions, IsEmpty());
  EXPECT_THAT(Extracts(report), ElementsAre("db/list: a"));
}

TEST(LayerReader, HardLinksRepeatWhatTheirTargetSaid) {
  ArchiveBuilder tar;
  tar.File("db/list", "a").HardLink("db/list.d/1", "./db/list");
  tar.HardLink("db/list", "db/list").HardLink("other", "db/list");
  EXPECT_THAT(Extracts(Scan(tar)), ElementsAre("db/list: a", "db/list.d/1: a"));
}

TEST(LayerReader, AHardLinkToAFileThatWasNotKeptIsAProblem) {
  ArchiveBuilder tar;
  tar.File("object", "a").HardLink("db/list", "object");
  EXPECT_THAT(Extracts(Scan(tar)), ElementsAre("db/list: !"));
}

TEST(LayerReader, ASparseFileIsReadWithItsHoles) {
  ArchiveBuilder tar;
  tar.Pax({{"GNU.sparse.name", "db/list"},
           {"GNU.sparse.size", "3"},
           {"GNU.sparse.numblocks", "1"},
           {"GNU.sparse.map", "2,1"}});
  tar.File("GNUSparseFile/list", "a");
  const model::LayerReport report = Scan(tar);
  ASSERT_EQ(report.extracts.size(), 1u);
  EXPECT_EQ(report.extracts[0].packages[0].name, std::string("\0\0a", 3));
}

// "kind path mode uid:gid size target", with the first digits of the digest.
std::vector<std::string> Files(const model::LayerReport& report) {
  std::vector<std::string> lines;
  const absl::Status status = file_list::Read(
      report.files.zstd, report.files.sha256, model::kMaxFileListBytes,
      [&](const file_list::Entry& entry) {
        char mode[8];
        std::snprintf(mode, sizeof(mode), "%04o", entry.mode);
        lines.push_back(base::StrCat(
            file_list::ToString(entry.kind), " ", entry.path, " ",
            std::string_view(mode), " ", entry.uid, ":", entry.gid, " ",
            entry.size, " ", base::HexEncode(entry.sha256).substr(0, 8), " ",
            base::HexEncode(entry.capability), " ", entry.target, " ",
            entry.major, ",", entry.minor));
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(report.files.count, lines.size());
  return lines;
}

TEST(LayerReader, EveryEntryIsToldWithModeOwnerAndDigest) {
  std::string ping = testing::TarHeaderBlock('0', "bin/ping", 3);
  ping.replace(100, 8, {"0104755\0", 8});
  ping.replace(108, 8, {"0001750\0", 8});
  ping.replace(116, 8, {"\x80\0\0\0\x80\0\0\0", 8});
  testing::FixChecksum(ping);
  std::string null = testing::TarHeaderBlock('3', "dev/null", 0);
  null.replace(329, 8, {"0000001\0", 8});
  null.replace(337, 8, {"0000003\0", 8});
  testing::FixChecksum(null);
  ArchiveBuilder tar;
  tar.Directory("bin/").Bytes(ping).Bytes("abc").Pad();
  tar.Pax({{"uid", "7"},
           {"SCHILY.xattr.security.capability", std::string("\1\0\0\2", 4)}});
  tar.File("./bin/caps", "").Symlink("sbin", "./bin").HardLink("b", "bin/ping");
  tar.Bytes(null).Header('6', "pipe", 0).File("a/.wh.b", "").File("../x", "");
  EXPECT_THAT(Files(Scan(tar)),
              ElementsAre("directory bin 0644 0:0 0    0,0",
                          "file bin/ping 4755 1000:2147483648 3 ba7816bf   0,0",
                          "file bin/caps 0644 7:0 0 e3b0c442 01000002  0,0",
                          "symlink sbin 0644 0:0 0   ./bin 0,0",
                          "hardlink b 0644 0:0 0   bin/ping 0,0",
                          "chardev dev/null 0644 0:0 0    1,3",
                          "fifo pipe 0644 0:0 0    0,0"));
}

TEST(LayerReader, TheListOfFilesDoesNotDependOnPieces) {
  ArchiveBuilder tar;
  for (int i = 0; i < 3000; ++i) {
    tar.File("dir" + std::to_string(i % 7) + "/f" + std::to_string(i),
             std::to_string(i));
  }
  const std::string bytes = Gzip(tar.Finish());
  const auto whole = ScanBytes(bytes, {}, bytes.size());
  const auto pieces = ScanBytes(bytes, {}, 777);
  ASSERT_TRUE(whole.ok() && pieces.ok());
  EXPECT_EQ(whole->files, pieces->files);
  EXPECT_EQ(Files(*whole).size(), 3000u);
  EXPECT_FALSE(whole->files.cut);
}

TEST(LayerReader, AListOfFilesThatIsTooLongIsCutAndSaysSo) {
  Limits limits;
  limits.file_list_bytes = 200;
  ArchiveBuilder tar;
  for (int i = 0; i < 100; ++i) tar.File("f" + std::to_string(i), "x");
  tar.File("db/list", "a");
  const auto report = ScanBytes(tar.Finish(), limits);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->files.cut);
  EXPECT_LT(Files(*report).size(), 10u);
  EXPECT_THAT(Extracts(*report), ElementsAre("db/list: a"));
}

TEST(LayerReader, EntriesThatClimbAboveTheRootAreCountedAndIgnored) {
  ArchiveBuilder tar;
  tar.File("../db/list", "a").File("db/../../db/list", "b").Directory(".");
  const model::LayerReport report = Scan(tar);
  EXPECT_THAT(report.extracts, IsEmpty());
  EXPECT_EQ(report.entries, 3u);
}

TEST(LayerReader, ALargeFileGoesThroughTheSpillFile) {
  Limits limits;
  limits.file_memory_bytes = 1000;
  std::string text;
  for (int i = 10'000; i < 30'000; ++i) text += std::to_string(i) + "\n";
  ArchiveBuilder tar;
  tar.File("db/list", text).File("db/list.d/small", "x");
  tar.File("db/list.d/large", text.substr(0, 6'000));
  const auto report = ScanBytes(Gzip(tar.Finish()), limits);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->extracts[0].packages.size(), 20'000u);
  EXPECT_EQ(report->extracts[1].packages.size(), 1'000u);
  EXPECT_EQ(report->extracts[2].packages.size(), 1u);
  EXPECT_EQ(report->extracts[0].packages[19'999].name, "29999");
}

TEST(LayerReader, ADifferentDiffIdIsAMismatch) {
  const std::string tar = ArchiveBuilder().File("a", "").Finish();
  EXPECT_TRUE(ScanBytes(Gzip(tar), {}, 100, model::Digest::Of(tar)).ok());
  const auto report = ScanBytes(Gzip(tar), {}, 100, model::Digest::Of("x"));
  EXPECT_EQ(base::FailureCodeOf(report.status()), FailureCode::kDiffIdMismatch);
}

TEST(LayerReader, AnEmptyLayerIsALayer) {
  EXPECT_EQ(Scan(ArchiveBuilder()).entries, 0u);
  EXPECT_TRUE(ScanBytes("").ok());
}

TEST(LayerReader, EveryLimitIsTyped) {
  Limits limits;
  limits.compressed_bytes = 1000;
  ExpectFails(ArchiveBuilder().Finish(), FailureCode::kLimitExceeded,
              "compressedSize", limits);
  limits = {};
  limits.inflated_bytes = 1000;
  ExpectFails(Gzip(ArchiveBuilder().Finish()), FailureCode::kLimitExceeded,
              "inflatedSize", limits);
  limits = {};
  limits.ratio_free_bytes = 1'000'000;
  const std::string bomb =
      Gzip(ArchiveBuilder().File("a", std::string(8'000'000, '\0')).Finish());
  ExpectFails(bomb, FailureCode::kLimitExceeded, "ratio", limits);
  EXPECT_TRUE(ScanBytes(bomb).ok());
  limits = {};
  limits.entries = 2;
  ExpectFails(
      ArchiveBuilder().File("a", "").File("b", "").File("c", "").Finish(),
      FailureCode::kLimitExceeded, "entries", limits);
  limits = {};
  limits.file_bytes = 2;
  ExpectFails(ArchiveBuilder().File("db/list", "abc").Finish(),
              FailureCode::kLimitExceeded, "fileSize", limits);
  limits = {};
  limits.report_bytes = 1000;
  std::string lines;
  for (char c = 'a'; c <= 'z'; ++c) lines += std::string(20, c) + "\n";
  ExpectFails(ArchiveBuilder().File("db/list", lines).Finish(),
              FailureCode::kLimitExceeded, "reportSize", limits);
  ArchiveBuilder whiteouts;
  for (int i = 0; i < 40; ++i) whiteouts.File(".wh." + std::to_string(i), "");
  ExpectFails(whiteouts.Finish(), FailureCode::kLimitExceeded, "reportSize",
              limits);
}

TEST(LayerReader, ReplacedExtractsDoNotFillTheReport) {
  Limits limits;
  limits.report_bytes = 3000;
  ArchiveBuilder tar;
  for (int i = 0; i < 100; ++i) tar.File("db/list", "a\nb\n");
  EXPECT_TRUE(ScanBytes(tar.Finish(), limits).ok());
}

TEST(LayerReader, CorruptArchivesAreTyped) {
  const std::string tar = ArchiveBuilder().File("a", "b").Finish();
  ExpectFails(Gzip(tar).substr(0, 50), FailureCode::kCorruptLayer);
  ExpectFails(Gzip(tar) + "x", FailureCode::kCorruptLayer);
  ExpectFails(Gzip("this is no archive"), FailureCode::kCorruptLayer);
  ExpectFails("<html>not found</html>", FailureCode::kCorruptLayer);
}

}  // namespace
}  // namespace landwaiter::agent::layer
