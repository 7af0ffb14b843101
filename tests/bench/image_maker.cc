#include "tests/bench/image_maker.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "agent/layer/testing/archive_builder.h"
#include "core/base/hash.h"

namespace landwaiter::bench {
namespace {

namespace fs = std::filesystem;
using agent::layer::testing::ArchiveBuilder;
using nlohmann::json;

constexpr const char* kManifestType =
    "application/vnd.oci.image.manifest.v1+json";

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "bench: %s\n", what.c_str());
  std::exit(1);
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

// Text of made-up words, with bytes that do not compress strewn in: gzip makes
// about a third of it, as of the files of real images.
class ContentMaker {
 public:
  ContentMaker() {
    for (int i = 0; i < 4000; ++i) {
      std::string word;
      const size_t length = 2 + random_() % 9;
      while (word.size() < length) {
        word += static_cast<char>('a' + random_() % 26);
      }
      words_.push_back(word + " ");
    }
  }

  std::string Make(size_t size) {
    std::string content;
    content.reserve(size + 64);
    while (content.size() < size) {
      // Small numbers are more frequent, as common words are.
      const size_t choice = random_() % words_.size();
      content += words_[choice * (random_() % words_.size()) / words_.size()];
      if (random_() % 8 == 0) {
        for (int i = 0; i < 4; ++i) content += static_cast<char>(random_());
      }
    }
    content.resize(size);
    return content;
  }

  size_t FileSize() {
    // Most files are small, most bytes are in large ones.
    constexpr size_t kLarge = size_t{16} << 20;
    return random_() % 2000 == 0 ? kLarge : size_t{200} << (random_() % 11);
  }

 private:
  std::mt19937_64 random_{20};
  std::vector<std::string> words_;
};

std::string DpkgStatus() {
  std::string status;
  for (int i = 0; i < 600; ++i) {
    const std::string number = std::to_string(i);
    status += "Package: package-" + number +
              "\nStatus: install ok installed\nPriority: optional\n"
              "Section: libs\nInstalled-Size: 100\nMaintainer: A Person "
              "<person@example.org>\nArchitecture: amd64\nSource: source-" +
              number + "\nVersion: 1." + number +
              "-2\nDescription: what it is for\n A longer text.\n\n";
  }
  return status;
}

// Writes the layer's tar and compresses it as image builders do.
class LayerFile {
 public:
  explicit LayerFile(const fs::path& path)
      : pipe_(popen(("gzip -n -6 > '" + path.string() + "'").c_str(), "w")) {
    if (pipe_ == nullptr) Fail("cannot run gzip");
  }
  void Write(std::string_view bytes) {
    hash_.Update(bytes);
    if (std::fwrite(bytes.data(), 1, bytes.size(), pipe_) != bytes.size()) {
      Fail("cannot write a layer");
    }
  }
  // The diffID.
  std::string Finish() {
    Write(std::string(1024, '\0'));
    if (pclose(pipe_) != 0) Fail("gzip failed");
    return "sha256:" + hash_.FinishHex();
  }

 private:
  FILE* pipe_;
  base::Sha256 hash_;
};

void WriteLayer(int number, uint64_t bytes, ContentMaker& maker,
                const TarWriter& write) {
  if (number == 0) {
    write(ArchiveBuilder()
              .File("etc/os-release",
                    "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian "
                    "GNU/Linux 12 (bookworm)\"\n")
              .File("var/lib/dpkg/status", DpkgStatus())
              .bytes());
  }
  const std::string root = "usr/share/layer" + std::to_string(number) + "/";
  uint64_t written = 0;
  for (int i = 0; written < bytes; ++i) {
    const std::string content = maker.Make(maker.FileSize());
    write(
        ArchiveBuilder()
            .File(root + std::to_string(i / 100) + "/file" + std::to_string(i),
                  content)
            .bytes());
    written += content.size();
  }
}

// Moves a file to where its digest says.
json AddBlob(const fs::path& root, const fs::path& file,
             const std::string& media_type) {
  const std::string hex = base::Sha256Hex(ReadFile(file));
  const json descriptor = {{"mediaType", media_type},
                           {"digest", "sha256:" + hex},
                           {"size", fs::file_size(file)}};
  fs::rename(file, root / "blobs/sha256" / hex);
  return descriptor;
}

json AddJson(const fs::path& root, const json& value,
             const std::string& media_type) {
  const fs::path file = root / "new";
  std::ofstream(file) << value.dump();
  return AddBlob(root, file, media_type);
}

}  // namespace

BenchImage MakeImage(const std::string& directory, uint64_t megabytes) {
  // The number behind it grows when what is made changes.
  const std::string root = directory + "/" + std::to_string(megabytes) + "MB-2";
  ContentMaker maker;
  std::vector<LayerContent> layers;
  for (const uint64_t percent : {30, 25, 20, 15, 10}) {
    const int number = static_cast<int>(layers.size());
    const uint64_t bytes = megabytes * 10'000 * percent;
    layers.push_back([number, bytes, &maker](const TarWriter& write) {
      WriteLayer(number, bytes, maker, write);
    });
  }
  return MakeImageOf(root, layers);
}

BenchImage MakeImageOf(const std::string& directory,
                       const std::vector<LayerContent>& layers) {
  const fs::path root(directory);
  if (fs::exists(root / "index.json")) return OpenImage(directory);
  std::fprintf(stderr, "bench: making an image in %s\n", root.c_str());
  fs::create_directories(root / "blobs/sha256");
  json config = {{"os", "linux"}, {"architecture", "amd64"}};
  config["rootfs"]["type"] = "layers";
  json manifest = {{"schemaVersion", 2}, {"mediaType", kManifestType}};
  for (const LayerContent& write_layer : layers) {
    LayerFile file(root / "new");
    write_layer([&file](std::string_view bytes) { file.Write(bytes); });
    config["rootfs"]["diff_ids"].push_back(file.Finish());
    manifest["layers"].push_back(AddBlob(
        root, root / "new", "application/vnd.oci.image.layer.v1.tar+gzip"));
  }
  manifest["config"] =
      AddJson(root, config, "application/vnd.oci.image.config.v1+json");
  const json index = {{"schemaVersion", 2},
                      {"manifests", {AddJson(root, manifest, kManifestType)}}};
  std::ofstream(root / "oci-layout") << R"({"imageLayoutVersion":"1.0.0"})";
  std::ofstream(root / "index.json") << index.dump();
  return OpenImage(directory);
}

BenchImage OpenImage(const std::string& directory) {
  const fs::path root(directory);
  const json index = json::parse(ReadFile(root / "index.json"));
  BenchImage image;
  image.directory = directory;
  image.manifest = index["manifests"][0]["digest"];
  const fs::path blobs = root / "blobs/sha256";
  const json manifest = json::parse(ReadFile(blobs / image.manifest.substr(7)));
  for (const json& layer : manifest["layers"]) {
    const std::string digest = layer["digest"];
    image.layers.push_back((blobs / digest.substr(7)).string());
    image.compressed_bytes += layer["size"].get<uint64_t>();
  }
  return image;
}

}  // namespace landwaiter::bench
