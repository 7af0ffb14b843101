#include "agent/inspect/image_scan.h"

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/source/directory_tar.h"
#include "agent/source/resolve.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/merge/files.h"

namespace landwaiter::agent::inspect {
namespace {

// The layers of an image that are left to read, shared by the threads that do.
class LayerQueue {
 public:
  // A digest that occurs twice is read once. The largest come first, so that
  // no thread is left with one at the end.
  explicit LayerQueue(const std::vector<model::LayerRef>& layers) {
    std::map<model::Digest, const model::LayerRef*> distinct;
    for (const model::LayerRef& layer : layers) {
      if (!layer.blob.foreign) distinct.try_emplace(layer.blob.digest, &layer);
    }
    for (const auto& [digest, layer] : distinct) waiting_.push_back(layer);
    std::sort(waiting_.begin(), waiting_.end(),
              [](const auto* a, const auto* b) {
                return a->blob.size < b->blob.size;
              });
  }

  // nullptr when there is none left, or one has failed.
  const model::LayerRef* Take() {
    const absl::MutexLock lock(&mutex_);
    if (waiting_.empty() || !status_.ok()) return nullptr;
    const model::LayerRef* layer = waiting_.back();
    waiting_.pop_back();
    return layer;
  }

  void Finish(const model::LayerRef& layer,
              absl::StatusOr<model::LayerReport> report) {
    const absl::MutexLock lock(&mutex_);
    if (report.ok()) {
      reports_.insert_or_assign(layer.blob.digest, *std::move(report));
    } else if (status_.ok()) {
      status_ =
          base::WithContext(std::move(report).status(),
                            base::StrCat("layer ", layer.blob.digest.text()));
    }
  }

  absl::Status status() {
    const absl::MutexLock lock(&mutex_);
    return status_;
  }
  size_t size() {
    const absl::MutexLock lock(&mutex_);
    return waiting_.size();
  }

  // After the threads: the reports in the order of `layers`, once.
  std::vector<model::LayerReport> TakeReports(
      const std::vector<model::LayerRef>& layers) {
    const absl::MutexLock lock(&mutex_);
    std::map<model::Digest, size_t> uses;
    for (const model::LayerRef& layer : layers) ++uses[layer.blob.digest];
    std::vector<model::LayerReport> reports;
    reports.reserve(layers.size());
    for (const model::LayerRef& layer : layers) {
      const auto found = reports_.find(layer.blob.digest);
      if (found == reports_.end()) continue;
      if (--uses[layer.blob.digest] > 0) {
        reports.push_back(found->second);
      } else {
        reports.push_back(std::move(found->second));
      }
    }
    return reports;
  }

 private:
  absl::Mutex mutex_;
  std::vector<const model::LayerRef*> waiting_ ABSL_GUARDED_BY(mutex_);
  std::map<model::Digest, model::LayerReport> reports_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

void ReadLayers(source::ImageSource& source, layer::LayerScanner& scanner,
                LayerQueue& queue, ScanObserver& observer) {
  while (const model::LayerRef* layer = queue.Take()) {
    queue.Finish(*layer, scanner.Scan(*layer, [&](source::BlobSink sink) {
      return source.FetchBlob(layer->blob, [&](std::string_view bytes) {
        LANDWAITER_RETURN_IF_ERROR(queue.status());
        observer.OnBytes(bytes.size());
        return sink(bytes);
      });
    }));
    observer.OnLayerDone();
  }
}

// An image that stands in no index has its platform in its config alone.
absl::Status CheckPlatform(const model::Platform& wanted,
                           const model::ImageConfig& config) {
  const model::Platform& platform = config.platform;
  const auto suits = [](const std::string& want, const std::string& have) {
    return want.empty() || have.empty() || want == have;
  };
  if (suits(wanted.os, platform.os) &&
      suits(wanted.architecture, platform.architecture)) {
    return absl::OkStatus();
  }
  return base::Failure(
      base::FailureCode::kUnsupportedPlatform,
      base::StrCat("the image is for ", base::Printable(platform.ToString()),
                   ", not for ", wanted.ToString()));
}

uint64_t BytesToPull(const std::vector<model::LayerRef>& layers) {
  uint64_t bytes = 0;
  for (const model::LayerRef& layer : layers) bytes += layer.blob.size;
  return bytes;
}

}  // namespace

absl::StatusOr<ScannedImage> ScanImage(source::ImageSource& source,
                                       layer::LayerScanner& scanner,
                                       const ScanPlan& plan,
                                       ScanObserver& observer) {
  LANDWAITER_ASSIGN_OR_RETURN(
      source::ResolvedImage image,
      source::ResolveImage(source, plan.reference, plan.platform));
  LANDWAITER_RETURN_IF_ERROR(CheckPlatform(plan.platform, image.config));
  LayerQueue queue(image.layers);
  observer.OnImage(queue.size(), BytesToPull(image.layers));
  std::vector<std::thread> threads;
  const size_t wanted = static_cast<size_t>(std::max(plan.parallelism, 1));
  for (size_t i = 1; i < std::min(wanted, queue.size()); ++i) {
    threads.emplace_back([&] { ReadLayers(source, scanner, queue, observer); });
  }
  ReadLayers(source, scanner, queue, observer);
  for (std::thread& thread : threads) thread.join();
  LANDWAITER_RETURN_IF_ERROR(queue.status());

  std::vector<model::LayerReport> reports = queue.TakeReports(image.layers);
  std::vector<model::File> files;
  if (plan.files) files = merge::MergeFiles(reports).files;
  ScannedImage scanned = merge::MergeLayersCompactly(std::move(reports));
  model::Inventory& inventory = scanned.inventory;
  inventory.files = std::move(files);
  for (const model::LayerRef& layer : image.layers) {
    if (!layer.blob.foreign) continue;
    inventory.problems.push_back(
        base::StrCat("layer ", layer.blob.digest.text(),
                     " is not distributed by the registry and was not read"));
  }
  inventory.manifest = image.manifest;
  inventory.config = std::move(image.config);
  inventory.layers = std::move(image.layers);
  return scanned;
}

absl::StatusOr<ScannedImage> ScanDirectory(const std::string& path,
                                           layer::LayerScanner& scanner,
                                           ScanObserver& observer) {
  observer.OnImage(/*layers=*/1, /*bytes=*/0);
  std::vector<std::string> problems;
  model::LayerRef layer;
  // The archive's digest is known only behind its end.
  layer.blob.digest = model::Digest::Of(path);
  LANDWAITER_ASSIGN_OR_RETURN(
      model::LayerReport report,
      scanner.Scan(layer, [&](source::BlobSink sink) -> absl::Status {
        LANDWAITER_ASSIGN_OR_RETURN(
            problems,
            source::StreamDirectory(path, [&](std::string_view bytes) {
              observer.OnBytes(bytes.size());
              return sink(bytes);
            }));
        return absl::OkStatus();
      }));
  observer.OnLayerDone();
  report.blob_digest = report.diff_id;
  layer.blob.digest = layer.diff_id = report.diff_id;
  layer.blob.size = report.uncompressed_size;
  std::vector<model::LayerReport> reports;
  reports.push_back(std::move(report));
  ScannedImage scanned = merge::MergeLayersCompactly(std::move(reports));
  model::Inventory& inventory = scanned.inventory;
  inventory.problems.insert(inventory.problems.end(), problems.begin(),
                            problems.end());
  inventory.layers.push_back(std::move(layer));
  return scanned;
}

}  // namespace landwaiter::agent::inspect
