#include "agent/inspect/image_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "agent/layer/in_process_layer_scanner.h"
#include "agent/layer/testing/archive_builder.h"
#include "agent/layer/testing/line_extractor.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::inspect {
namespace {

using base::FailureCode;
using layer::testing::ArchiveBuilder;
using layer::testing::Gzip;

// An image whose blobs are in memory.
class MemorySource : public source::ImageSource {
 public:
  explicit MemorySource(const std::vector<std::string>& tars) {
    nlohmann::json config = {{"os", "linux"}, {"architecture", "amd64"}};
    config["rootfs"]["type"] = "layers";
    nlohmann::json manifest = {{"schemaVersion", 2}, {"mediaType", kManifest}};
    for (const std::string& tar : tars) {
      config["rootfs"]["diff_ids"].push_back(model::Digest::Of(tar).text());
      manifest["layers"].push_back(
          Add(Gzip(tar), "application/vnd.oci.image.layer.v1.tar+gzip"));
    }
    manifest["config"] =
        Add(config.dump(), "application/vnd.oci.image.config.v1+json");
    manifest_ = manifest.dump();
  }

  absl::StatusOr<source::RawManifest> GetManifest(std::string_view,
                                                  uint64_t) override {
    return source::RawManifest{std::string(kManifest),
                               model::Digest::Of(manifest_), manifest_};
  }

  absl::Status FetchBlob(const model::Descriptor& blob,
                         source::BlobSink sink) override {
    ++fetches;
    const auto found = blobs_.find(blob.digest.text());
    if (found == blobs_.end()) {
      return base::Failure(FailureCode::kNotFound, "no such blob");
    }
    return sink(found->second);
  }

  void Remove(const std::string& tar) {
    blobs_.erase(model::Digest::Of(Gzip(tar)).text());
  }

  std::atomic<int> fetches = 0;

 private:
  static constexpr std::string_view kManifest =
      "application/vnd.oci.image.manifest.v1+json";

  nlohmann::json Add(const std::string& blob, const char* media_type) {
    const std::string digest = model::Digest::Of(blob).text();
    blobs_[digest] = blob;
    return {
        {"mediaType", media_type}, {"digest", digest}, {"size", blob.size()}};
  }

  std::map<std::string, std::string> blobs_;
  std::string manifest_;
};

class CountingObserver : public ScanObserver {
 public:
  void OnImage(size_t count, uint64_t) override { layers = count; }
  void OnBytes(uint64_t) override {}
  void OnLayerDone() override { ++done; }
  size_t layers = 0;
  std::atomic<size_t> done = 0;
};

layer::Extractors TestExtractors() {
  layer::Extractors extractors;
  extractors.push_back(std::make_unique<layer::testing::LineExtractor>());
  return extractors;
}

std::string Tar(std::string_view path, std::string_view content) {
  return ArchiveBuilder().File(path, content).Finish();
}

TEST(ScanImage, ReadsEveryLayerOnce) {
  const std::string same = Tar("x", "x");
  MemorySource source({Tar("a", "a"), same, Tar("b", "b"), same});
  layer::InProcessLayerScanner scanner(TestExtractors);
  CountingObserver observer;
  ScanPlan plan;
  plan.parallelism = 3;
  const auto image = ScanImage(source, scanner, plan, observer);
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(image->inventory.layers.size(), 4u);
  EXPECT_EQ(image->inventory.config.platform.ToString(), "linux/amd64");
  EXPECT_EQ(source.fetches, 3 + 1);  // and the config
  EXPECT_EQ(observer.layers, 3u);
  EXPECT_EQ(observer.done, 3u);
}

TEST(ScanImage, AnImageForAnotherPlatformIsRefused) {
  MemorySource source({Tar("a", "a")});
  layer::InProcessLayerScanner scanner(TestExtractors);
  CountingObserver observer;
  ScanPlan plan;
  plan.platform = {"linux", "arm64", ""};
  EXPECT_EQ(
      base::FailureCodeOf(ScanImage(source, scanner, plan, observer).status()),
      FailureCode::kUnsupportedPlatform);
  plan.platform.architecture = "amd64";
  EXPECT_TRUE(ScanImage(source, scanner, plan, observer).ok());
}

TEST(ScanImage, ALayersFailureIsTheImages) {
  const std::string missing = Tar("b", "b");
  MemorySource source({Tar("a", "a"), missing, Tar("c", "c")});
  source.Remove(missing);
  layer::InProcessLayerScanner scanner(TestExtractors);
  CountingObserver observer;
  const auto inventory = ScanImage(source, scanner, {}, observer);
  EXPECT_EQ(base::FailureCodeOf(inventory.status()), FailureCode::kNotFound);
  EXPECT_THAT(std::string(inventory.status().message()),
              ::testing::HasSubstr(model::Digest::Of(Gzip(missing)).text()));
}

TEST(ScanImage, ALayerThatIsNotWhatTheConfigSaysIsAMismatch) {
  // The config names the diffID of another layer.
  class Swapped : public layer::LayerScanner {
   public:
    absl::StatusOr<model::LayerReport> Scan(const model::LayerRef& layer,
                                            layer::FetchLayer fetch) override {
      model::LayerRef other = layer;
      other.diff_id = model::Digest::Of("other");
      return layer::InProcessLayerScanner(TestExtractors).Scan(other, fetch);
    }
  } scanner;
  MemorySource source({Tar("a", "a")});
  CountingObserver observer;
  EXPECT_EQ(
      base::FailureCodeOf(ScanImage(source, scanner, {}, observer).status()),
      FailureCode::kDiffIdMismatch);
}

TEST(ScanDirectory, ReadsATreeAsOneLayer) {
  const std::string root = ::testing::TempDir() + "/scan_directory";
  std::filesystem::create_directories(root + "/db");
  std::ofstream(root + "/db/list") << "a\nb\n";
  layer::InProcessLayerScanner scanner(TestExtractors);
  CountingObserver observer;
  const auto image = ScanDirectory(root, scanner, observer);
  ASSERT_TRUE(image.ok()) << image.status();
  ASSERT_EQ(image->inventory.layers.size(), 1u);
  ASSERT_EQ(image->packages.size(), 2u);
  image->packages.ForEach([&image](const model::InstalledPackage& package) {
    EXPECT_EQ(package.path, "db/list");
    EXPECT_EQ(package.layer, image->inventory.layers[0].diff_id);
  });
  EXPECT_TRUE(image->inventory.manifest.empty());
  EXPECT_EQ(observer.layers, 1u);

  EXPECT_TRUE(absl::IsInvalidArgument(
      ScanDirectory(root + "/missing", scanner, observer).status()));
}

}  // namespace
}  // namespace landwaiter::agent::inspect
