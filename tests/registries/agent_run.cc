#include "tests/registries/agent_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/extract/catalog.h"
#include "agent/layer/in_process_layer_scanner.h"
#include "agent/pipeline/stages.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/merge/merge.h"

namespace landwaiter::test {
namespace {

namespace pipeline = agent::pipeline;
using model::LeaseRef;

// Takes everything, and knows nothing beforehand.
class Analyzer : public agent::submit::WorkClient {
 public:
  absl::StatusOr<model::LeaseReply> Lease(uint32_t) override {
    return absl::UnimplementedError("items are given by hand");
  }
  absl::StatusOr<model::HeartbeatReply> Heartbeat(
      const std::vector<LeaseRef>&) override {
    return model::HeartbeatReply{};
  }
  absl::StatusOr<model::ListingReply> SubmitListing(
      const LeaseRef& lease, const model::ListingPage& page) override {
    for (const std::string& name : page.repositories) {
      synced.repositories.push_back(name);
    }
    for (const model::ManifestEntry& manifest : page.manifests) {
      synced.manifests[manifest.digest] = manifest;
    }
    model::ListingReply reply;
    for (const model::TagEntry& tag : page.tags) {
      // The item is named after its repository.
      synced.tags[base::StrCat(lease.item_id, ":", tag.tag)] = tag.digest;
      if (!synced.manifests.contains(tag.digest)) {
        reply.unknown.push_back(tag.digest);
      }
    }
    return reply;
  }
  absl::StatusOr<model::ImagePlan> PlanImage(
      const LeaseRef&, const model::ImageFacts& facts) override {
    return model::ImagePlan{
        .layers = std::vector<model::LayerAction>(facts.layers.size(),
                                                  model::LayerAction::kFetch)};
  }
  absl::Status SubmitLayer(const LeaseRef&,
                           const model::LayerReport& report) override {
    layers.push_back(report);
    return absl::OkStatus();
  }
  absl::Status Complete(const LeaseRef&, const model::Outcome&) override {
    return absl::OkStatus();
  }

  Synced synced;
  std::vector<model::LayerReport> layers;
};

// A pod of one thread that is given its items by hand.
struct Pod {
  Pod(agent::registry::Registry& registry, base::Clock& clock)
      : stages{registry, scanner, analyzer, leases,
               executor, clock,   no_faults} {}

  absl::Status Do(absl::Status (*stage)(const pipeline::Stages&,
                                        const model::WorkItem&),
                  const std::string& repository,
                  const model::Digest& digest = {}) {
    model::WorkItem item{
        .id = repository, .repository = repository, .digest = digest};
    leases.Add(item);
    const absl::Status status = stage(stages, item);
    leases.Remove(item.id);
    return status;
  }

  Analyzer analyzer;
  base::NoFailpoints no_faults;
  pipeline::LeaseKeeper leases{analyzer, no_faults};
  pipeline::InlineExecutor executor;
  agent::layer::InProcessLayerScanner scanner{agent::extract::AllExtractors};
  pipeline::Stages stages;
};

// How many platforms an index has.
size_t RunnableIn(const StoredManifest& index) {
  return static_cast<size_t>(std::count_if(
      index.children.begin(), index.children.end(),
      [](const model::Descriptor& child) { return !child.attestation; }));
}

}  // namespace

absl::StatusOr<Synced> Sync(agent::registry::Registry& registry,
                            base::Clock& clock) {
  Pod pod(registry, clock);
  LANDWAITER_RETURN_IF_ERROR(pod.Do(pipeline::ListRepositories, ""));
  const std::vector<std::string> names = pod.analyzer.synced.repositories;
  for (const std::string& name : names) {
    LANDWAITER_RETURN_IF_ERROR(pod.Do(pipeline::ListTags, name));
  }
  return pod.analyzer.synced;
}

absl::StatusOr<std::vector<std::string>> Scan(
    agent::registry::Registry& registry, base::Clock& clock,
    const std::string& repository, const model::Digest& digest) {
  Pod pod(registry, clock);
  LANDWAITER_RETURN_IF_ERROR(pod.Do(pipeline::ScanImage, repository, digest));
  std::vector<std::string> packages;
  for (const auto& installed :
       merge::MergeLayers(pod.analyzer.layers).packages) {
    packages.push_back(
        base::StrCat(installed.package.name, " ", installed.package.version));
  }
  return packages;
}

void ExpectSyncAndScan(agent::registry::Registry& registry, base::Clock& clock,
                       const RegistryContent& content) {
  const auto synced = Sync(registry, clock);
  ASSERT_TRUE(synced.ok()) << synced.status();
  std::vector<std::string> repositories;
  std::map<std::string, model::Digest> tags;
  for (const auto& [name, repository] : content.repositories) {
    repositories.push_back(name);
    for (const auto& [tag, stored] : repository.tags) {
      tags[base::StrCat(name, ":", tag)] = stored.digest;
      const auto known = synced->manifests.find(stored.digest);
      ASSERT_NE(known, synced->manifests.end()) << name << ":" << tag;
      const StoredManifest& manifest = repository.manifests.at(stored.digest);
      // A cosign signature has an image's config, and no layer of one.
      const bool image =
          manifest.config_media_type == kOciConfig && !tag.ends_with(".sig");
      EXPECT_EQ(known->second.unsupported.empty(),
                image || !manifest.children.empty())
          << name << ":" << tag << " " << known->second.unsupported;
      EXPECT_EQ(known->second.children.size(), RunnableIn(manifest));
    }
  }
  EXPECT_THAT(synced->repositories,
              ::testing::UnorderedElementsAreArray(repositories));
  EXPECT_EQ(synced->tags, tags);
  const auto scanned =
      Scan(registry, clock, "library/app",
           content.repositories.at("library/app").tags.at("v1").digest);
  ASSERT_TRUE(scanned.ok()) << scanned.status();
  EXPECT_THAT(*scanned, ::testing::ElementsAre("zlib1g 1:1.2.13.dfsg-1"));
}

std::string CodeOf(const absl::Status& status) {
  if (status.ok()) return "ok";
  const std::string cause = base::FailureCauseOf(status);
  return base::StrCat(base::ToString(base::FailureCodeOf(status)),
                      cause.empty() ? "" : "/", cause);
}

}  // namespace landwaiter::test
