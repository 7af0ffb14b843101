// Layers that are made to break their reader, each read by a worker process
// with every extractor there is: what comes of each is what its row says, in
// bounded memory and time, and the layer after it is scanned as if nothing had
// been.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/catalog.h"
#include "agent/extract/elf/testing/elf_builder.h"
#include "agent/layer/tar_header.h"
#include "agent/layer/testing/archive_builder.h"
#include "agent/worker/sandbox.h"
#include "agent/worker/worker.h"
#include "agent/worker/worker_layer_scanner.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/merge/files.h"
#include "core/merge/merge.h"

namespace landwaiter::contract {
namespace {

using agent::extract::archive::testing::ZipBuilder;
using agent::layer::kTarBlock;
using agent::layer::testing::ArchiveBuilder;
using agent::layer::testing::FixChecksum;
using agent::layer::testing::Gzip;
using agent::layer::testing::TarHeaderBlock;
using agent::layer::testing::Zstd;
using agent::source::BlobSink;
using base::FailureCode;
using Stream = std::function<absl::Status(BlobSink)>;

constexpr size_t kMebibyte = size_t{1} << 20;
// Sanitizers have memory of their own, and shadows of all.
constexpr uint64_t kMaxResident =
    (agent::worker::kWholeSandbox ? 64 : 600) * kMebibyte;
constexpr absl::Duration kMaxTime = absl::Seconds(60);

struct Hostile {
  std::string name;
  Stream stream;
  // nullopt: it is scanned, and `problem` is in its inventory's problems.
  std::optional<FailureCode> code;
  std::string cause;
  std::string problem;
};
void PrintTo(const Hostile& hostile, std::ostream* out) {
  *out << hostile.name;
}

Stream Bytes(std::string bytes) {
  return [bytes = std::move(bytes)](BlobSink sink) -> absl::Status {
    constexpr size_t kPiece = 100'000;
    for (std::string_view rest = bytes; !rest.empty();
         rest.remove_prefix(std::min(kPiece, rest.size()))) {
      LANDWAITER_RETURN_IF_ERROR(sink(rest.substr(0, kPiece)));
    }
    return absl::OkStatus();
  };
}

// `first`, and `piece` again and again.
Stream Endless(std::string first, std::string piece,
               uint64_t times = std::numeric_limits<uint64_t>::max()) {
  return [first = std::move(first), piece = std::move(piece),
          times](BlobSink sink) -> absl::Status {
    LANDWAITER_RETURN_IF_ERROR(sink(first));
    for (uint64_t i = 0; i < times; ++i) {
      LANDWAITER_RETURN_IF_ERROR(sink(piece));
    }
    return absl::OkStatus();
  };
}

Hostile Scanned(std::string name, const ArchiveBuilder& tar,
                std::string problem = "") {
  return {std::move(name), Bytes(tar.Finish()), std::nullopt, "",
          std::move(problem)};
}
Hostile Corrupt(std::string name, std::string bytes) {
  return {std::move(name), Bytes(std::move(bytes)), FailureCode::kCorruptLayer,
          "", ""};
}
Hostile TooMuch(std::string name, std::string cause, Stream stream) {
  return {std::move(name), std::move(stream), FailureCode::kLimitExceeded,
          std::move(cause), ""};
}

std::string Changed(std::string block, size_t at, std::string_view bytes) {
  block.replace(at, bytes.size(), bytes);
  FixChecksum(block);
  return block;
}

std::string Repeat(std::string_view text, size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

constexpr std::string_view kTerabyte = "1099511627776";

std::vector<Hostile> Bombs() {
  const std::string zeros(32 * kMebibyte, '\0');
  const std::string huge = TarHeaderBlock('0', "zeros", uint64_t{60} << 30);
  std::string sparse = TarHeaderBlock('S', "old", 0, "", {"ustar  \0", 8});
  sparse = Changed(sparse, 483, {"\x80\0\0\0\0\0\x01\0\0\0\0\0", 12});
  ArchiveBuilder v00;
  v00.Pax({{"GNU.sparse.size", std::string(kTerabyte)},
           {"GNU.sparse.numblocks", "1"},
           {"GNU.sparse.offset", "0"},
           {"GNU.sparse.numbytes", "0"}});
  ArchiveBuilder v01;
  v01.Pax({{"GNU.sparse.size", std::string(kTerabyte)},
           {"GNU.sparse.numblocks", "1"},
           {"GNU.sparse.map", "0,0"}});
  ArchiveBuilder v10;
  v10.Pax({{"GNU.sparse.major", "1"},
           {"GNU.sparse.minor", "0"},
           {"GNU.sparse.realsize", std::string(kTerabyte)}});
  std::string map = "1\n0\n0\n";
  map.resize(kTarBlock);
  const std::string entries =
      Repeat(TarHeaderBlock('5', "d/", 0), kMebibyte / kTarBlock);
  const std::string headers =
      Repeat(ArchiveBuilder().Pax({{"comment", "x"}}).bytes(), 1000);
  return {
      TooMuch("gzipBomb", "ratio", Endless(Gzip(huge), Gzip(zeros))),
      TooMuch("zstdBomb", "ratio", Endless(Zstd(huge), Zstd(zeros))),
      TooMuch("tenMillionEntries", "entries",
              Endless("", entries, 10'000'000 * kTarBlock / kMebibyte)),
      TooMuch("headersWithoutAnEntry", "entries", Endless("", headers)),
      TooMuch("aTerabyteOfHolesOldGnu", "sparseSize", Bytes(sparse)),
      TooMuch("aTerabyteOfHolesPax00", "sparseSize",
              Bytes(v00.File("f", "").Finish())),
      TooMuch("aTerabyteOfHolesPax01", "sparseSize",
              Bytes(v01.File("f", "").Finish())),
      TooMuch("aTerabyteOfHolesPax10", "sparseSize",
              Bytes(v10.File("f", map).Finish())),
      TooMuch("aLongExtendedHeader", "header",
              Endless(TarHeaderBlock('x', "x", 1 << 30), std::string(4096, '1'),
                      1000)),
      TooMuch(
          "aHugePackageDatabase", "fileSize",
          Endless(TarHeaderBlock('0', "var/lib/dpkg/status", uint64_t{1} << 30),
                  std::string(kMebibyte, 'x'), 1024)),
      TooMuch("aWideZstdWindow", "zstdWindow",
              Bytes(Zstd(std::string(20 * kMebibyte, 'x'), 27))),
      TooMuch("aLongPath", "path",
              Bytes(ArchiveBuilder()
                        .Pax({{"path", std::string(5000, 'p')}})
                        .File("x", "")
                        .Finish())),
      TooMuch(
          "manyWhiteouts", "reportSize",
          [](BlobSink sink) {
            for (int i = 0; i < 2'000'000; ++i) {
              LANDWAITER_RETURN_IF_ERROR(sink(TarHeaderBlock(
                  '0', ".wh." + std::string(80, 'w') + std::to_string(i), 0)));
            }
            return absl::OkStatus();
          }),
  };
}

std::vector<Hostile> Damage() {
  using namespace std::string_literals;
  const std::string tar =
      ArchiveBuilder().File("etc/x", std::string(3000, 'x')).Finish();
  std::string checksum = tar;
  checksum[0] = 'f';
  return {
      Corrupt("noArchive", "<html>not found</html>"),
      Corrupt("aWrongChecksum", checksum),
      Corrupt("aNegativeSize",
              Changed(TarHeaderBlock('0', "f", 0), 124, Repeat("\xff", 12))),
      Corrupt("aSizeBeyondNumbers", Changed(TarHeaderBlock('0', "f", 0), 124,
                                            "\x80" + Repeat("\xff", 11))),
      Corrupt("aSizeThatIsNoNumber",
              Changed(TarHeaderBlock('0', "f", 0), 124, "0x000000012")),
      Corrupt("endsInAnEntry", tar.substr(0, 2 * kTarBlock)),
      Corrupt("gzipEndsEarly", Gzip(tar).substr(0, 60)),
      Corrupt("zstdEndsEarly", Zstd(tar).substr(0, 30)),
      Corrupt("gzipAndGarbage", Gzip(tar) + "garbage"),
      Corrupt("aNulInAPaxPath",
              ArchiveBuilder().Pax({{"path", "a\0b"s}}).File("x", "").Finish()),
      Corrupt("aSparseMapThatOverlaps",
              ArchiveBuilder()
                  .Pax({{"GNU.sparse.size", "9"},
                        {"GNU.sparse.numblocks", "2"},
                        {"GNU.sparse.map", "0,2,1,1"}})
                  .File("f", "abc")
                  .Finish()),
      {"anotherCompression", Bytes("BZh91AY&SY0123456789"),
       FailureCode::kUnsupportedMedia, "", ""},
  };
}

std::vector<Hostile> Tricks() {
  using namespace std::string_literals;
  const std::string list =
      "Package: a\nStatus: install ok installed\n"
      "Version: 1\nArchitecture: all\n\n";
  return {
      Scanned("pathsThatClimb", ArchiveBuilder()
                                    .File("../../etc/passwd", "x")
                                    .File("a/../../../b", "x")
                                    .File("/../c", "x")
                                    .Symlink("out", "../../../../etc")
                                    .File("out/shadow", "x")),
      Scanned("namesOfNothing", ArchiveBuilder()
                                    .File("", "x")
                                    .File(".", "x")
                                    .File("/", "x")
                                    .File("//", "x")
                                    .Directory("./")),
      Scanned("namesThatAreNotText",
              ArchiveBuilder().File("\xff\xfe\x01\n\x1b[2J", "x")),
      Scanned("devices", ArchiveBuilder()
                             .Header('3', "etc/os-release", 0)
                             .Header('4', "var/lib/dpkg/status", 99)
                             .Header('6', "lib/apk/db/installed", 0)),
      Scanned("linksInACircle",
              ArchiveBuilder()
                  .Symlink("etc/os-release", "../a")
                  .Symlink("a", "b")
                  .Symlink("b", "etc/os-release")
                  .Symlink("usr/lib/os-release", "os-release")),
      Scanned("aHardLinkToNowhere",
              ArchiveBuilder().HardLink("var/lib/dpkg/status", "nowhere"),
              "var/lib/dpkg/status: it is a hard link to nowhere"),
      Scanned("aHardLinkOutside",
              ArchiveBuilder().HardLink("var/lib/dpkg/status",
                                        "../../../etc/shadow"),
              "var/lib/dpkg/status: it is a hard link"),
      Scanned("aHardLinkToWhatComesLater",
              ArchiveBuilder()
                  .HardLink("var/lib/dpkg/status", "later")
                  .File("later", list),
              "var/lib/dpkg/status: it is a hard link to later"),
      Scanned("hardLinksInACircle",
              ArchiveBuilder().HardLink("a", "b").HardLink("b", "a").HardLink(
                  "c", "c")),
      Scanned("whiteoutsOfOddNames", ArchiveBuilder()
                                         .File(".wh.", "")
                                         .File(".wh..", "")
                                         .File(".wh...", "")
                                         .File("a/.wh..wh..opq/b", "")
                                         .File(".wh..wh..opq", "x")
                                         .Directory(".wh.dir/")
                                         .File("a/.wh.a\nb", "")),
      Scanned("manyDuplicates",
              ArchiveBuilder().Bytes(Repeat(
                  ArchiveBuilder().File("var/lib/dpkg/status", list).bytes(),
                  2000))),
  };
}

std::string Nested(int depth) {
  std::string archive =
      ZipBuilder().Deflated("zeros", std::string(kMebibyte, '\0')).Build();
  for (int i = 0; i < depth; ++i) {
    ZipBuilder outer;
    for (int copy = 0; copy < 8; ++copy) {
      outer.Store("lib/in" + std::to_string(copy) + ".jar", archive);
    }
    archive = outer.Build();
    if (archive.size() > 8 * kMebibyte) break;
  }
  return archive;
}

std::string Overlapping() {
  ZipBuilder zip;
  zip.Store("lib/a.jar",
            ZipBuilder().Store("x", std::string(kMebibyte, 'x')).Build());
  for (int i = 0; i < 5000; ++i) zip.Again("lib/" + std::to_string(i) + ".jar");
  return zip.Build();
}

// An ELF header whose section and program header tables are `count` entries
// of `size` bytes at `offset`.
std::string BadElf(uint64_t offset, uint16_t size, uint16_t count) {
  std::string elf = agent::extract::elf::testing::MakeElf(
      {{".go.buildinfo", std::string(64, '\xff')}});
  const auto put = [&elf](size_t at, uint64_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      elf[at + static_cast<size_t>(i)] = static_cast<char>(number >> (8 * i));
    }
  };
  put(32, offset, 8);
  put(40, offset, 8);
  put(54, size, 2);
  put(56, count, 2);
  put(58, size, 2);
  put(60, count, 2);
  put(62, 0xffff, 2);
  return elf;
}

std::vector<Hostile> Files() {
  const auto file = [](std::string_view path, std::string content) {
    return ArchiveBuilder().File(path, content);
  };
  std::string bomb = "a: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last +
            "," + last + "," + last + "," + last + "," + last + "]\n";
  }
  std::string sqlite = "SQLite format 3";
  sqlite.push_back('\0');
  sqlite.append("\x10\x00\x01\x01\x00\x40\x20\x20", 8);
  sqlite.resize(64 * 4096, '\xff');
  std::string bdb(16 * 4096, '\x61');
  bdb.replace(12, 4, "\x61\x15\x06\x00", 4);
  return {
      Scanned("jarsInJarsInJars", file("app/a.jar", Nested(9)), "app/a.jar: "),
      Scanned("entriesThatOverlap", file("app/a.jar", Overlapping()),
              "app/a.jar: "),
      Scanned("aZipWithoutAnEnd",
              file("app/a.jar", "PK\x03\x04" + Repeat("PK\x05\x06", 10'000))),
      Scanned("deepJson",
              file("app/package-lock.json", Repeat("{\"a\":[", 1'000'000)),
              "app/package-lock.json: "),
      Scanned("longJsonText",
              file("app/package-lock.json",
                   "{\"name\":\"" + std::string(8 * kMebibyte, 'x')),
              "app/package-lock.json: "),
      Scanned("deepYaml",
              file("app/pnpm-lock.yaml", "a: " + Repeat("[", 1'000'000)),
              "app/pnpm-lock.yaml: "),
      Scanned("deepToml", file("app/Cargo.lock", "a = " + Repeat("[", 1000000)),
              "app/Cargo.lock: "),
      Scanned("aYamlBomb", file("app/pnpm-lock.yaml", bomb)),
      Scanned("aDatabaseOfGarbagePages",
              file("var/lib/rpm/rpmdb.sqlite", sqlite),
              "var/lib/rpm/rpmdb.sqlite: "),
      Scanned("aHashOfGarbagePages", file("var/lib/rpm/Packages", bdb),
              "var/lib/rpm/Packages: "),
      Scanned("anElfTableBeyondTheFile",
              file("usr/bin/x", BadElf(uint64_t{1} << 62, 64, 65535))),
      Scanned("anElfTableOfHugeParts", file("usr/bin/x", BadElf(64, 65535, 9))),
      Scanned("anElfTableOfNoSize", file("usr/bin/x", BadElf(64, 0, 65535))),
  };
}

std::vector<Hostile> AllHostile() {
  std::vector<Hostile> all;
  for (const auto& some : {Bombs(), Damage(), Tricks(), Files()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// Smaller than in production, so that it takes less time to pass them.
agent::worker::WorkerOptions Options() {
  agent::worker::WorkerOptions options;
  options.limits.entries = agent::worker::kWholeSandbox ? 1'000'000 : 100'000;
  options.limits.report_bytes = 8 * kMebibyte;
  options.limits.ratio_free_bytes = 8 * kMebibyte;
  return options;
}

// The most memory that a child process of this thread had resident, in bytes,
// looked at every other millisecond. (What wait4 tells of a child has this
// process in it, as it was when the child began.)
class PeakOfChildren {
 public:
  PeakOfChildren()
      : children_(base::StrCat("/proc/self/task/", gettid(), "/children")),
        sampler_([this](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            Sample();
            absl::SleepFor(absl::Milliseconds(2));
          }
        }) {}

  uint64_t Stop() {
    sampler_.request_stop();
    sampler_.join();
    return peak_;
  }

 private:
  void Sample() {
    std::ifstream children(children_);
    for (std::string pid; children >> pid;) {
      std::ifstream status(base::StrCat("/proc/", pid, "/status"));
      std::string line;
      std::string peak;
      bool executed = false;
      while (std::getline(status, line)) {
        // Before it executes its program it has our memory.
        if (line.starts_with("Seccomp:")) executed = line.ends_with("2");
        if (line.starts_with("VmHWM:")) peak = line.substr(6);
      }
      if (!executed || peak.empty()) continue;
      peak_ = std::max<uint64_t>(peak_, std::stoull(peak) * 1024);
    }
  }

  const std::string children_;
  uint64_t peak_ = 0;
  std::jthread sampler_;
};

absl::StatusOr<model::LayerReport> Scan(agent::layer::LayerScanner& scanner,
                                        const Stream& stream) {
  model::LayerRef layer;
  layer.blob.digest = model::Digest::Of("anything");
  return scanner.Scan(layer, [&](BlobSink sink) { return stream(sink); });
}

class HostileLayerTest : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileLayerTest, HasItsOutcomeAndTheNextLayerIsScanned) {
  const Hostile& hostile = GetParam();
  agent::worker::WorkerLayerScanner scanner(Options());
  PeakOfChildren peak;
  const absl::Time start = absl::Now();
  const auto report = Scan(scanner, hostile.stream);
  EXPECT_LT(absl::Now() - start, kMaxTime);
  const uint64_t resident = peak.Stop();
  RecordProperty("mebibytes", static_cast<int>(resident / kMebibyte));
  EXPECT_LT(resident, kMaxResident);
  if (hostile.code) {
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(base::FailureCodeOf(report.status()), *hostile.code)
        << report.status();
    EXPECT_EQ(base::FailureCauseOf(report.status()), hostile.cause)
        << report.status();
  } else {
    ASSERT_TRUE(report.ok()) << report.status();
    const model::Inventory inventory = merge::MergeLayers({*report});
    EXPECT_TRUE(merge::MergeFiles({*report}).problems.empty());
    bool found = hostile.problem.empty();
    std::string all;
    for (const std::string& problem : inventory.problems) {
      found = found || problem.starts_with(hostile.problem);
      base::StrAppend(&all, problem, "\n");
    }
    EXPECT_TRUE(found) << all;
  }
  const auto next = Scan(
      scanner,
      Bytes(Gzip(ArchiveBuilder()
                     .File("lib/apk/db/installed", "P:a\nV:1-r0\nA:x86_64\n\n")
                     .Finish())));
  ASSERT_TRUE(next.ok()) << next.status();
  ASSERT_EQ(next->extracts.size(), 1u);
  EXPECT_EQ(next->extracts[0].packages.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Layers, HostileLayerTest,
                         ::testing::ValuesIn(AllHostile()),
                         [](const auto& info) { return info.param.name; });

// Wherever a layer breaks off, it is whole or corrupt, and never something
// else: a shorter list of what is in it.
TEST(TruncatedLayer, IsCorruptWhereverItEnds) {
  ArchiveBuilder tar;
  tar.Directory("etc/").File("etc/x", std::string(700, 'x'));
  tar.Pax({{"path", "long"}})
      .File("short", "y")
      .LongName("z")
      .Symlink("l", "t");
  const std::string whole = tar.Finish();
  agent::worker::WorkerLayerScanner scanner(Options());
  for (const std::string& bytes : {Gzip(whole), Zstd(whole)}) {
    for (size_t size = 1; size < bytes.size(); size += 11) {
      const auto report = Scan(scanner, Bytes(bytes.substr(0, size)));
      ASSERT_FALSE(report.ok()) << size << " of " << bytes.size();
      EXPECT_EQ(base::FailureCodeOf(report.status()),
                FailureCode::kCorruptLayer)
          << report.status();
    }
  }
}

}  // namespace
}  // namespace landwaiter::contract

// The test is its own worker.
int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "worker") {
    landwaiter::agent::worker::RunWorker(
        landwaiter::agent::extract::AllExtractors());
  }
  signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
