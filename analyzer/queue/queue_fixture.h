#ifndef LANDWAITER_ANALYZER_QUEUE_QUEUE_FIXTURE_H_
#define LANDWAITER_ANALYZER_QUEUE_QUEUE_FIXTURE_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "analyzer/queue/task_control.h"
#include "analyzer/queue/work_queue.h"
#include "analyzer/store/sqlite/store.h"
#include "core/base/clock.h"

// For tests of the queue: a store in memory, a clock to move, a
// detector that needs no advisories, and an agent that does as it is told.
namespace landwaiter::analyzer::queue {

inline const model::Tenant kTenant{.cluster_uid = "cluster-uid",
                                   .ns = "team-a"};

inline model::Digest D(std::string_view text) {
  return model::Digest::Of(text);
}

// Says that each package whose name begins with "bad" is vulnerable; an image
// with a package "unknown-os" has no advisories.
class FakeDetector : public Detector {
 public:
  absl::StatusOr<Detection> Detect(const model::Inventory& inventory) override {
    if (!status.ok()) return status;
    Detection detection{.database = database};
    for (const model::InstalledPackage& installed : inventory.packages) {
      const std::string& name = installed.package.name;
      detection.lookups.push_back({"eco", name});
      if (name == "unknown-os") {
        return Detection{.no_advisory_data = true,
                         .message = "no advisories for it",
                         .lookups = {{"eco", ""}},
                         .database = database};
      }
      if (name.starts_with("bad") || name == also_bad) {
        detection.findings.push_back({.id = "CVE-" + name,
                                      .advisory = "ADV-" + name,
                                      .package = name,
                                      .severity = model::Severity::kHigh});
      }
    }
    if (newer_after > 0 && --newer_after == 0) {
      database += "+";
      also_bad = also_bad_later;
    }
    return detection;
  }
  std::string version() override { return database; }
  absl::Status status;
  std::string also_bad;
  std::string database;
  // After so many detections there is a newer database that says so.
  int newer_after = 0;
  std::string also_bad_later;
};

class RecordingObserver : public ChangeObserver {
 public:
  void OnChange(const model::Change& change) override {
    absl::MutexLock lock(&mutex_);
    changes.push_back(change);
  }
  std::vector<model::Change> changes;  // to be read when all is quiet

 private:
  absl::Mutex mutex_;
};

// Fails at the named failpoint, as often as it is told.
class CountedFailpoints : public base::Failpoints {
 public:
  absl::Status Hit(std::string_view name) override {
    auto found = fail.find(name);
    if (found == fail.end() || found->second == 0) return absl::OkStatus();
    --found->second;
    return absl::UnavailableError("injected");
  }
  std::map<std::string, int, std::less<>> fail;
};

// A layer "l" holds a package named like it.
inline model::LayerReport Report(const std::string& layer) {
  model::LayerReport report{.blob_digest = D(layer), .diff_id = D("d" + layer)};
  report.extracts.push_back({.path = "var/lib/dpkg/status.d/" + layer,
                             .extractor = "os/dpkg",
                             .extractor_version = 1,
                             .packages = {{.type = "deb", .name = layer}}});
  return report;
}

// The image "m" of these layers.
inline model::ImageFacts Facts(const std::string& manifest,
                               const std::vector<std::string>& layers) {
  model::ImageFacts facts{.manifest = D(manifest)};
  facts.config.platform = {"linux", "amd64", ""};
  for (const std::string& layer : layers) {
    facts.layers.push_back(
        {.blob = {.digest = D(layer)}, .diff_id = D("d" + layer)});
  }
  return facts;
}

class QueueTest : public ::testing::Test {
 protected:
  QueueTest()
      : store_(*store::sqlite::OpenStore({.now = clock_.Now()})),
        environment_{.store = *store_,
                     .clock = clock_,
                     .failpoints = failpoints_,
                     .observer = observer_,
                     .detector = detector_,
                     .options = {}} {}

  void ApplyRegistry(const std::string& uid, uint32_t images_per_hour = 0,
                     std::vector<std::string> include = {}) {
    ASSERT_TRUE(control_
                    .ApplyRegistry(kTenant, {.uid = uid,
                                             .name = uid,
                                             .host = uid + ".example",
                                             .images_per_hour = images_per_hour,
                                             .include = std::move(include)})
                    .ok());
  }

  static model::TaskSpec ScanSpec(const std::string& uid) {
    return {.uid = uid,
            .type = model::TaskType::kImageScan,
            .registries = {"r"},
            .parallelism = 100};
  }
  model::TaskStatus Apply(const model::TaskSpec& spec) {
    auto status = control_.ApplyTask(kTenant, spec);
    EXPECT_TRUE(status.ok()) << status.status();
    return status.value_or(model::TaskStatus{});
  }
  model::TaskStatus Task(const std::string& uid) {
    auto status = control_.GetTask(kTenant, uid);
    EXPECT_TRUE(status.ok()) << status.status();
    return status.value_or(model::TaskStatus{});
  }
  // What the registry's agents are told of.
  model::RegistryWork Work(const std::string& registry = "r") {
    const std::vector<model::RegistryWork> all = *control_.ListWork();
    for (const model::RegistryWork& work : all) {
      if (work.registry_uid == registry) return work;
    }
    return {};
  }

  static model::AgentIdentity Agent(const std::string& registry = "r") {
    return {.tenant = kTenant,
            .cluster = "cluster01",
            .registry_uid = registry,
            .token_id = "token-1"};
  }
  std::vector<model::WorkItem> Lease(uint32_t max = 16,
                                     const std::string& registry = "r") {
    auto reply = queue_.Lease(Agent(registry), {.max_items = max});
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? reply->items : std::vector<model::WorkItem>();
  }
  static model::LeaseRef Ref(const model::WorkItem& item) {
    return {item.id, item.fence};
  }
  absl::Status Complete(const model::WorkItem& item,
                        const model::Outcome& outcome = {}) {
    return queue_.Complete(Agent(), Ref(item), outcome);
  }
  absl::Status Fail(const model::WorkItem& item, const std::string& code,
                    bool retryable,
                    absl::Duration retry_after = absl::ZeroDuration()) {
    return Complete(
        item, {.failure = model::FailureInfo{.code = code,
                                             .message = "because",
                                             .retryable = retryable,
                                             .retry_after = retry_after}});
  }
  // Leases and answers every listing: repository -> tag -> manifest.
  using Catalog = std::map<std::string, std::map<std::string, std::string>>;
  void List(const Catalog& catalog) {
    while (true) {
      const auto items = Lease(1);
      if (items.empty()) return;
      ASSERT_NE(items[0].kind, model::WorkKind::kScanImage);
      Answer(items[0], catalog);
      ASSERT_TRUE(Complete(items[0]).ok());
      if (Work().ready == 0 || OnlyScansLeft()) return;
    }
  }
  void Answer(const model::WorkItem& item, const Catalog& catalog) {
    model::ListingPage page{.complete = true};
    if (item.kind == model::WorkKind::kListRepositories) {
      for (const auto& [name, tags] : catalog) {
        page.repositories.push_back(name);
      }
    } else if (const auto repo = catalog.find(item.repository);
               repo != catalog.end()) {
      for (const auto& [tag, manifest] : repo->second) {
        page.tags.push_back({tag, D(manifest)});
        page.manifests.push_back({.digest = D(manifest)});
      }
    }
    auto reply = queue_.SubmitListing(Agent(), Ref(item), page);
    ASSERT_TRUE(reply.ok()) << reply.status();
    ASSERT_TRUE(reply->unknown.empty());
  }
  bool OnlyScansLeft() {
    bool only = true;
    const absl::Status status = store_->Read([&](store::Transaction& txn) {
      const auto loads = txn.items().Loads(1, clock_.Now());
      if (!loads.ok()) return loads.status();
      for (const store::TaskLoad& load : *loads) {
        only = only && load.ready_listings == 0;
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return only;
  }
  // Plans, submits and completes a scan.
  absl::Status Scan(const model::WorkItem& item, const std::string& manifest,
                    const std::vector<std::string>& layers) {
    auto plan = queue_.PlanImage(Agent(), Ref(item), Facts(manifest, layers));
    if (!plan.ok()) return plan.status();
    for (size_t i = 0; i < layers.size(); ++i) {
      if (plan->layers[i] != model::LayerAction::kFetch) continue;
      absl::Status status =
          queue_.SubmitLayer(Agent(), Ref(item), Report(layers[i]));
      if (!status.ok()) return status;
    }
    return Complete(item);
  }
  // An ImageScan of these images, listed and ready to be leased.
  void StartScan(const model::TaskSpec& spec, const Catalog& catalog) {
    Apply(spec);
    List(catalog);
  }

  base::FakeClock clock_;
  CountedFailpoints failpoints_;
  RecordingObserver observer_;
  FakeDetector detector_;
  std::unique_ptr<store::Store> store_;
  Environment environment_;
  WorkQueue queue_{environment_};
  TaskControl control_{environment_};
};

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_QUEUE_FIXTURE_H_
