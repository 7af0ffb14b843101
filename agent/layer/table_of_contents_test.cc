// Layers as eStargz and zstd:chunked have them, made here, with tables that
// agree and tables that do not.
#include "agent/layer/table_of_contents.h"

#include <gtest/gtest.h>

#include "agent/layer/in_process_layer_scanner.h"
#include "agent/layer/testing/archive_builder.h"
#include "agent/layer/testing/line_extractor.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

using testing::ArchiveBuilder;
using testing::Gzip;
using testing::Zstd;

std::string LittleEndian(uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += static_cast<char>(number >> (8 * i));
  }
  return text;
}

ArchiveBuilder Content() {
  ArchiveBuilder tar;
  tar.Directory("./etc/").File("./etc/shadow", "root:!\n");
  tar.File("etc/empty", "").Symlink("etc/link", "../x/./y");
  tar.HardLink("etc/hard", "./etc/shadow").File("var/.wh.gone", "");
  tar.Header('6', "pipe", 0);
  return tar;
}

constexpr std::string_view kShadow =
    R"({"name":"etc/shadow","type":"reg","size":7,"mode":420,)"
    R"("digest":"sha256:DIGEST","chunkDigest":"sha256:DIGEST"},)"
    R"({"name":"etc/shadow","type":"chunk","chunkOffset":7},)";

// The table of Content().
std::string Table() {
  std::string text =
      base::StrCat(R"({"version":1,"entries":[)",
                   R"({"name":"etc/","type":"dir","mode":420,"offset":1},)",
                   kShadow, R"({"name":"etc/empty","type":"reg","mode":420},)",
                   R"({"name":"etc/link","type":"symlink","mode":420,)",
                   R"("linkName":"../x/./y"},)",
                   R"({"name":"etc/hard","type":"hardlink","mode":420,)",
                   R"("linkName":"etc/shadow"},)",
                   R"({"name":"var/.wh.gone","type":"reg","mode":420},)",
                   R"({"name":"pipe","type":"fifo","mode":420}]})");
  const std::string digest(model::Digest::Of("root:!\n").hex());
  for (size_t at = text.find("DIGEST"); at != text.npos;
       at = text.find("DIGEST")) {
    text.replace(at, 6, digest);
  }
  return text;
}

std::string Replaced(std::string text, std::string_view from,
                     std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  if (at != text.npos) text.replace(at, from.size(), to);
  return text;
}

// An empty gzip member with an extra field (stargz-snapshotter,
// docs/estargz.md, "Footer").
std::string StargzFooterMember(uint64_t offset) {
  char text[32];
  std::snprintf(text, sizeof(text), "%016llxSTARGZ",
                static_cast<unsigned long long>(offset));
  using namespace std::string_literals;
  return "\x1f\x8b\x08\x04\0\0\0\0\0\xff"s + LittleEndian(26, 2) + "SG" +
         LittleEndian(22, 2) + text + "\x01\0\0\xff\xff"s +
         std::string(8, '\0');
}

std::string Stargz(const std::string& table) {
  const std::string content = Gzip(Content().bytes());
  return content +
         Gzip(ArchiveBuilder().File("stargz.index.json", table).Finish()) +
         StargzFooterMember(content.size());
}

std::string Skippable(std::string_view payload) {
  return base::StrCat(std::string_view("\x50\x2a\x4d\x18"),
                      LittleEndian(payload.size(), 4), payload);
}

std::string ChunkedFooterFrame(uint64_t offset, uint64_t size,
                               uint64_t inflated) {
  return Skippable(LittleEndian(offset, 8) + LittleEndian(size, 8) +
                   LittleEndian(inflated, 8) + LittleEndian(1, 8) +
                   std::string(24, '\0') + "GNUlInUx");
}

std::string Chunked(const std::string& table) {
  const std::string content =
      Zstd(Content().bytes()) + Zstd(ArchiveBuilder().Finish());
  const std::string packed = Zstd(table);
  return content + Skippable(packed) + Skippable("what remakes the archive") +
         ChunkedFooterFrame(content.size() + 8, packed.size(), table.size());
}

// What is reported of the layer's table; "" for nothing.
std::string Problem(const std::string& bytes, size_t piece = 1000,
                    const Limits& limits = {}) {
  const auto extractors = [] {
    Extractors result;
    result.push_back(std::make_unique<testing::LineExtractor>());
    return result;
  };
  InProcessLayerScanner scanner(extractors, limits);
  const auto report = scanner.Scan({}, [&](source::BlobSink sink) {
    for (std::string_view rest = bytes; !rest.empty();
         rest.remove_prefix(std::min(piece, rest.size()))) {
      LANDWAITER_RETURN_IF_ERROR(sink(rest.substr(0, piece)));
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(report.ok()) << report.status();
  if (!report.ok() || report->extracts.empty()) return "";
  EXPECT_EQ(report->extracts.size(), 1u);
  EXPECT_EQ(report->extracts[0].extractor, "layer/tableOfContents");
  EXPECT_EQ(report->extracts[0].path,
            "table of contents of the layer " + report->diff_id.text());
  return report->extracts[0].problem;
}

class TableOfContentsTest
    : public ::testing::TestWithParam<std::string (*)(const std::string&)> {
 protected:
  std::string ProblemOf(const std::string& table) {
    return Problem(GetParam()(table));
  }
  void ExpectDisagrees(std::string_view from, std::string_view to) {
    EXPECT_TRUE(ProblemOf(Replaced(Table(), from, to))
                    .starts_with("it disagrees with the layer's content"))
        << from << " -> " << to;
  }
};

TEST_P(TableOfContentsTest, OneThatAgreesIsNoProblem) {
  for (const size_t piece : {1, 3, 64, 100'000}) {
    EXPECT_EQ(Problem(GetParam()(Table()), piece), "");
  }
}

TEST_P(TableOfContentsTest, AnEntryThatIsMissingOrAddedIsFound) {
  ExpectDisagrees(R"({"name":"pipe","type":"fifo","mode":420})",
                  R"({"name":"pipe","type":"chunk"})");
  ExpectDisagrees(R"({"name":"var/.wh.gone","type":"reg","mode":420},)", "");
  ExpectDisagrees(R"("entries":[)",
                  R"("entries":[{"name":"evil","type":"dir"},)");
}

TEST_P(TableOfContentsTest, AnEntryThatIsOtherwiseIsFound) {
  ExpectDisagrees(R"("name":"etc/shadow")", R"("name":"etc/shad0w")");
  ExpectDisagrees(R"("size":7)", R"("size":8)");
  ExpectDisagrees(R"("mode":420)", R"("mode":2541)");
  ExpectDisagrees(R"("mode":420)", R"("mode":420,"uid":1)");
  ExpectDisagrees(R"("mode":420)", R"("mode":420,"gid":1)");
  ExpectDisagrees("../x/./y", "/etc/shadow");
  ExpectDisagrees(R"("linkName":"etc/shadow")", R"("linkName":"etc/empty")");
  ExpectDisagrees(R"("type":"fifo")", R"("type":"char")");
  const std::string digest = model::Digest::Of("root:!\n").text();
  const std::string other = model::Digest::Of("root::\n").text();
  std::string table = Table();
  table = Replaced(Replaced(table, digest, other), digest, other);
  EXPECT_TRUE(ProblemOf(table).starts_with("it disagrees")) << table;
}

TEST_P(TableOfContentsTest, OneThatCanBeReadInTwoWaysIsFound) {
  const std::string digest = model::Digest::Of("root:!\n").text();
  EXPECT_EQ(ProblemOf(Replaced(Table(), "\"chunkDigest\":\"" + digest,
                               "\"chunkDigest\":\"sha256:0")),
            "etc/shadow has two different digests in it");
  EXPECT_EQ(ProblemOf(Replaced(Table(), R"("name":"pipe")",
                               R"("name":"pipe","NAME":"evil")")),
            "an entry says \"name\" twice");
  EXPECT_EQ(ProblemOf(Replaced(Table(), R"({"version":1)",
                               R"({"Entries":[],"version":1)")),
            "it has more than one list of entries");
  EXPECT_EQ(ProblemOf(Replaced(Table(), "\"fifo\"", "\"door\"")),
            "an entry is of the type \"door\"");
  EXPECT_NE(ProblemOf(Table().substr(0, 100)), "");
  EXPECT_NE(ProblemOf("no JSON"), "");
  EXPECT_NE(ProblemOf(""), "");
}

INSTANTIATE_TEST_SUITE_P(Formats, TableOfContentsTest,
                         ::testing::Values(Stargz, Chunked),
                         [](const auto& info) {
                           return info.param == Stargz ? "eStargz"
                                                       : "zstdChunked";
                         });

TEST(TableOfContents, AStargzFooterThatLeadsElsewhereIsFound) {
  const std::string content = Gzip(Content().bytes());
  const std::string table =
      Gzip(ArchiveBuilder().File("stargz.index.json", Table()).Finish());
  constexpr std::string_view kWant =
      "the footer leads to none that is in the layer";
  EXPECT_EQ(Problem(content + table + StargzFooterMember(content.size() + 1)),
            kWant);
  EXPECT_EQ(Problem(content + StargzFooterMember(0)), kWant);
  const std::string two =
      Gzip(ArchiveBuilder().File("stargz.index.json", "{}").bytes()) + content;
  EXPECT_EQ(Problem(two + table + StargzFooterMember(two.size())), kWant);
}

TEST(TableOfContents, AFileOfItsNameAloneIsNone) {
  EXPECT_EQ(
      Problem(Gzip(
          ArchiveBuilder().File("stargz.index.json", "anything").Finish())),
      "");
}

TEST(TableOfContents, AChunkedFooterThatLeadsElsewhereIsFound) {
  const std::string content = Zstd(Content().Finish());
  const std::string packed = Zstd(Table());
  const auto problem = [&](uint64_t offset, uint64_t size, uint64_t inflated) {
    return Problem(content + Skippable(packed) +
                   ChunkedFooterFrame(offset, size, inflated));
  };
  const uint64_t offset = content.size() + 8;
  EXPECT_EQ(problem(offset, packed.size(), Table().size()), "");
  constexpr std::string_view kElsewhere =
      "the footer leads to none that could be compared";
  EXPECT_EQ(problem(offset + 1, packed.size(), Table().size()), kElsewhere);
  EXPECT_EQ(problem(offset, packed.size() - 1, Table().size()), kElsewhere);
  EXPECT_EQ(problem(offset, packed.size(), Table().size() - 1),
            "it cannot be inflated");
  EXPECT_EQ(problem(offset, packed.size(), uint64_t{1} << 40),
            "the layer has too many files to be compared with it");
}

TEST(TableOfContents, OtherSkippableFramesAreNoneAndTakeNoMemory) {
  std::string bytes = Zstd(Content().Finish());
  EXPECT_EQ(Problem(bytes + Skippable("something")), "");
  EXPECT_EQ(Problem(bytes + Skippable("")), "");
  const std::string large = Skippable(std::string(1'000'000, 'x'));
  for (int i = 0; i < 20; ++i) bytes += large;
  StreamParts parts;
  const auto inflater = NewSniffingInflater({}, &parts);
  ASSERT_TRUE(
      inflater->Push(bytes, [](std::string_view) { return absl::OkStatus(); })
          .ok());
  uint64_t kept = 0;
  for (const auto& frame : parts.skippable) kept += frame.payload.size();
  EXPECT_LE(kept, StreamParts::kMaxPayloads);
  EXPECT_LE(parts.skippable.size(), StreamParts::kMaxSkippable);
}

TEST(TableOfContents, ALayerWhoseListIsCutSaysThatItCannotBeCompared) {
  Limits limits;
  limits.file_list_bytes = 20;
  for (const std::string& bytes : {Stargz(Table()), Chunked(Table())}) {
    EXPECT_EQ(Problem(bytes, 1000, limits),
              "the layer has too many files to be compared with it");
  }
}

}  // namespace
}  // namespace landwaiter::agent::layer
