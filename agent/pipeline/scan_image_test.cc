// What a scan of an image asks of the registry, by what the analyzer knows.
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agent/layer/in_process_layer_scanner.h"
#include "agent/layer/testing/archive_builder.h"
#include "agent/layer/testing/line_extractor.h"
#include "agent/pipeline/stages.h"
#include "core/base/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::pipeline {
namespace {

using layer::testing::ArchiveBuilder;
using layer::testing::Gzip;
using model::Digest;
using model::LayerAction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kManifestType =
    "application/vnd.oci.image.manifest.v1+json";

std::string Tar(std::string_view path) {
  return ArchiveBuilder().File(path, "a\n").Finish();
}

// A registry with one image that notes what is asked of it.
class OneImage : public registry::Registry {
 public:
  explicit OneImage(const std::vector<std::string>& tars) {
    nlohmann::json config = {{"os", "linux"}, {"architecture", "amd64"}};
    config["rootfs"]["type"] = "layers";
    nlohmann::json manifest = {{"schemaVersion", 2},
                               {"mediaType", kManifestType}};
    for (const std::string& tar : tars) {
      config["rootfs"]["diff_ids"].push_back(Digest::Of(tar).text());
      manifest["layers"].push_back(
          Add(Gzip(tar), "application/vnd.oci.image.layer.v1.tar+gzip"));
    }
    manifest["config"] =
        Add(config.dump(), "application/vnd.oci.image.config.v1+json");
    manifest_ = manifest.dump();
    config_ = manifest["config"]["digest"];
  }

  Digest digest() const { return Digest::Of(manifest_); }

  absl::StatusOr<registry::Verification> Verify() override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<registry::RepositoryPage> ListRepositories(
      std::string_view) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<registry::ArtifactPage> ListArtifacts(
      std::string_view, std::string_view) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<Digest> ResolveTag(std::string_view,
                                    std::string_view) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<source::RawManifest> GetManifest(std::string_view,
                                                  std::string_view,
                                                  uint64_t) override {
    requests.push_back("manifest");
    return source::RawManifest{std::string(kManifestType), digest(), manifest_};
  }
  absl::Status FetchBlob(std::string_view, const model::Descriptor& blob,
                         source::BlobSink sink) override {
    const std::string name = blob.digest.text();
    requests.push_back(name == config_ ? "config" : "layer");
    return sink(blobs_.at(name));
  }

  std::vector<std::string> requests;

 private:
  nlohmann::json Add(const std::string& blob, const char* media_type) {
    const std::string digest = Digest::Of(blob).text();
    blobs_[digest] = blob;
    return {
        {"mediaType", media_type}, {"digest", digest}, {"size", blob.size()}};
  }

  std::map<std::string, std::string> blobs_;
  std::string manifest_;
  std::string config_;
};

// Gives one plan after the other, the last one ever again.
class PlanningAnalyzer : public submit::WorkClient {
 public:
  absl::StatusOr<model::LeaseReply> Lease(uint32_t) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<model::HeartbeatReply> Heartbeat(
      const std::vector<model::LeaseRef>&) override {
    return model::HeartbeatReply{};
  }
  absl::StatusOr<model::ListingReply> SubmitListing(
      const model::LeaseRef&, const model::ListingPage&) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<model::ImagePlan> PlanImage(
      const model::LeaseRef&, const model::ImageFacts&) override {
    const auto& plan = plans.at(std::min(asked++, plans.size() - 1));
    return model::ImagePlan{.layers = plan, .ask_again = absl::Seconds(2)};
  }
  absl::Status SubmitLayer(const model::LeaseRef&,
                           const model::LayerReport& report) override {
    submitted.push_back(report.blob_digest);
    return absl::OkStatus();
  }
  absl::Status Complete(const model::LeaseRef&,
                        const model::Outcome&) override {
    return absl::UnimplementedError("");
  }

  std::vector<std::vector<LayerAction>> plans;
  std::vector<Digest> submitted;
  size_t asked = 0;
};

class ScanImageTest : public ::testing::Test {
 protected:
  absl::Status Scan(OneImage& registry,
                    std::vector<std::vector<LayerAction>> plans) {
    analyzer.plans = std::move(plans);
    const Stages stages{registry, scanner, analyzer, leases,
                        executor, clock,   no_faults};
    model::WorkItem item{
        .id = "item", .repository = "app", .digest = registry.digest()};
    item.deadline = clock.Now() + absl::Hours(1);
    leases.Add(item);
    return ScanImage(stages, item);
  }

  static layer::Extractors LineExtractors() {
    layer::Extractors extractors;
    extractors.push_back(std::make_unique<layer::testing::LineExtractor>());
    return extractors;
  }

  PlanningAnalyzer analyzer;
  base::NoFailpoints no_faults;
  LeaseKeeper leases{analyzer, no_faults};
  InlineExecutor executor;
  base::FakeClock clock;
  layer::InProcessLayerScanner scanner{LineExtractors};
};

TEST_F(ScanImageTest, AnImageWhoseLayersAreKnownCostsAManifestAndAConfig) {
  OneImage registry({Tar("a"), Tar("b"), Tar("c")});
  const auto known = LayerAction::kKnown;
  ASSERT_TRUE(Scan(registry, {{known, known, known}}).ok());
  EXPECT_THAT(registry.requests, ElementsAre("manifest", "config"));
  EXPECT_THAT(analyzer.submitted, IsEmpty());
  EXPECT_EQ(analyzer.asked, 1u);
}

TEST_F(ScanImageTest, OnlyWhatTheAnalyzerLacksIsPulled) {
  OneImage registry({Tar("a"), Tar("b"), Tar("c")});
  const auto known = LayerAction::kKnown;
  ASSERT_TRUE(Scan(registry, {{known, LayerAction::kFetch, known}}).ok());
  EXPECT_THAT(registry.requests, ElementsAre("manifest", "config", "layer"));
  EXPECT_THAT(analyzer.submitted, ElementsAre(Digest::Of(Gzip(Tar("b")))));
}

TEST_F(ScanImageTest, ALayerThatStandsTwiceInAnImageIsPulledOnce) {
  OneImage registry({Tar("a"), Tar("b"), Tar("a")});
  const auto fetch = LayerAction::kFetch;
  ASSERT_TRUE(Scan(registry, {{fetch, fetch, fetch}}).ok());
  EXPECT_THAT(registry.requests,
              ElementsAre("manifest", "config", "layer", "layer"));
  EXPECT_THAT(analyzer.submitted,
              UnorderedElementsAre(Digest::Of(Gzip(Tar("a"))),
                                   Digest::Of(Gzip(Tar("b")))));
}

TEST_F(ScanImageTest, ALayerThatAnotherPodIsAtIsWaitedForAndNotPulled) {
  OneImage registry({Tar("a"), Tar("b")});
  const auto known = LayerAction::kKnown;
  const auto elsewhere = LayerAction::kElsewhere;
  ASSERT_TRUE(Scan(registry, {{LayerAction::kFetch, elsewhere},
                              {known, elsewhere},
                              {known, known}})
                  .ok());
  EXPECT_THAT(registry.requests, ElementsAre("manifest", "config", "layer"));
  EXPECT_THAT(analyzer.submitted, ElementsAre(Digest::Of(Gzip(Tar("a")))));
  EXPECT_EQ(analyzer.asked, 3u);
  EXPECT_EQ(clock.Slept(), absl::Seconds(4));
}

TEST_F(ScanImageTest, ALayerWhoseOtherPodFailedIsPulledThen) {
  OneImage registry({Tar("a")});
  ASSERT_TRUE(Scan(registry, {{LayerAction::kElsewhere},
                              {LayerAction::kFetch},
                              {LayerAction::kKnown}})
                  .ok());
  EXPECT_THAT(registry.requests, ElementsAre("manifest", "config", "layer"));
}

}  // namespace
}  // namespace landwaiter::agent::pipeline
