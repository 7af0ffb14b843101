// Writes the seeds of layer_tar, layer_inflate, layer_table and layer_whole:
//   build/fuzz/bin/layer_seeds tests/fuzz/seeds
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "agent/layer/testing/archive_builder.h"

namespace {

using landwaiter::agent::layer::testing::ArchiveBuilder;
using landwaiter::agent::layer::testing::FixChecksum;
using landwaiter::agent::layer::testing::Gzip;
using landwaiter::agent::layer::testing::TarHeaderBlock;
using landwaiter::agent::layer::testing::Zstd;

void Write(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string Layer() {
  ArchiveBuilder tar;
  tar.Directory("etc/").File("etc/os-release",
                             "ID=debian\nVERSION_ID=\"12\"\n");
  tar.File("var/lib/dpkg/status",
           "Package: a\nStatus: install ok installed\nVersion: 1\n"
           "Architecture: all\n\n");
  tar.File("lib/apk/db/installed", "P:a\nV:1-r0\nA:x86_64\n\n");
  tar.Symlink("usr/lib", "../lib").HardLink("etc/x", "etc/os-release");
  tar.File("var/.wh.gone", "").File("var/.wh..wh..opq", "");
  return tar.Finish();
}

std::string OddTar() {
  ArchiveBuilder tar;
  tar.LongName(std::string(120, 'n')).LongLink(std::string(120, 'l'));
  tar.Symlink("n", "l");
  tar.Pax({{"path", "etc/os-release"}, {"size", "3"}, {"mtime", "1.5"}});
  tar.Header('0', "x", 0).Bytes("ID=").Pad();
  tar.Pax({{"comment", "all"}}, 'g');
  tar.Pax({{"GNU.sparse.major", "1"},
           {"GNU.sparse.minor", "0"},
           {"GNU.sparse.realsize", "9"},
           {"GNU.sparse.name", "s"}});
  std::string map = "1\n4\n2\n";
  map.resize(512);
  tar.File("GNUSparseFile.0/s", map + "ab");
  tar.Pax({{"GNU.sparse.size", "9"},
           {"GNU.sparse.numblocks", "2"},
           {"GNU.sparse.map", "1,1,3,2"}});
  tar.File("t", "abc");
  std::string old = TarHeaderBlock('S', "old", 3, "", {"ustar  \0", 8});
  old.replace(386, 24,
              "00000000002\0"
              "00000000003\0",
              24);
  old.replace(483, 12, "00000000010\0", 12);
  FixChecksum(old);
  tar.Bytes(old).Bytes("abc").Pad();
  return tar.Finish();
}

constexpr std::string_view kTable =
    R"({"version":1,"entries":[{"name":"a","type":"reg","size":1,"mode":420,)"
    R"("uid":1,"digest":"sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e)"
    R"(72b9807785afee48bb","chunkDigest":"sha256:ca","chunkSize":1},)"
    R"({"name":"a","type":"chunk","chunkOffset":4},)"
    R"({"name":"l","type":"symlink","linkName":"../x"},)"
    R"({"name":"d/","type":"dir"},{"name":"c","type":"char","devMajor":1}]})";

std::string LittleEndian(uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += static_cast<char>(number >> (8 * i));
  }
  return text;
}

std::string Stargz() {
  using namespace std::string_literals;
  const std::string content = Gzip(ArchiveBuilder().File("a", "a").bytes());
  char footer[32];
  std::snprintf(footer, sizeof(footer), "%016zxSTARGZ", content.size());
  return content +
         Gzip(ArchiveBuilder().File("stargz.index.json", kTable).Finish()) +
         "\x1f\x8b\x08\x04\0\0\0\0\0\xff"s + LittleEndian(26, 2) + "SG" +
         LittleEndian(22, 2) + footer + "\x01\0\0\xff\xff"s +
         std::string(8, '\0');
}

std::string Skippable(const std::string& payload) {
  return "\x50\x2a\x4d\x18" + LittleEndian(payload.size(), 4) + payload;
}

std::string Chunked() {
  const std::string content = Zstd(ArchiveBuilder().File("a", "a").Finish());
  const std::string table = Zstd(kTable);
  return content + Skippable(table) +
         Skippable(LittleEndian(content.size() + 8, 8) +
                   LittleEndian(table.size(), 8) +
                   LittleEndian(kTable.size(), 8) + LittleEndian(1, 8) +
                   std::string(24, '\0') + "GNUlInUx");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: layer_seeds DIRECTORY\n");
    return 2;
  }
  const std::filesystem::path root(argv[1]);
  Write(root / "layer_tar/layer", Layer());
  Write(root / "layer_tar/odd", OddTar());
  Write(root / "layer_inflate/gzip", Gzip("one ") + Gzip("two"));
  Write(root / "layer_inflate/zstd", Zstd("one ") + Zstd("two"));
  Write(root / "layer_table/table", std::string(kTable));
  Write(root / "layer_whole/stargz", Stargz());
  Write(root / "layer_whole/chunked", Chunked());
  Write(root / "layer_whole/plain", Layer());
  Write(root / "layer_whole/gzip", Gzip(Layer()));
  Write(root / "layer_whole/zstd", Zstd(OddTar()));
  return 0;
}
