#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "agent/pipeline/stages.h"
#include "agent/source/registry_source.h"
#include "agent/source/resolve.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::pipeline {
namespace {

using base::Failure;
using base::FailureCode;

constexpr absl::Duration kLeastWait = absl::Seconds(1);
constexpr absl::Duration kMostWait = absl::Seconds(30);

// One image on its way.
class ImageScan {
 public:
  ImageScan(const Stages& stages, const model::WorkItem& item)
      : stages_(stages),
        item_(item),
        lease_{item.id, item.fence},
        source_(stages.registry, item.repository) {}

  absl::Status Run() {
    LANDWAITER_RETURN_IF_ERROR(FetchManifest());
    while (true) {
      LANDWAITER_RETURN_IF_ERROR(Continue());
      LANDWAITER_ASSIGN_OR_RETURN(const model::ImagePlan plan,
                                  stages_.analyzer.PlanImage(lease_, facts_));
      LANDWAITER_RETURN_IF_ERROR(stages_.failpoints.Hit(base::kAgentPlanned));
      if (plan.layers.size() != facts_.layers.size()) {
        return absl::InternalError("the plan is for another image");
      }
      LANDWAITER_RETURN_IF_ERROR(ScanLayers(ToFetch(plan)));
      if (!SomeAreElsewhere(plan)) return absl::OkStatus();
      if (!stages_.clock.Sleep(
              std::clamp(plan.ask_again, kLeastWait, kMostWait))) {
        return absl::CancelledError("the pod is shutting down");
      }
    }
  }

 private:
  // Whether there is a reason to begin another step.
  absl::Status Continue() {
    if (!stages_.leases.Holds(item_.id)) {
      return absl::AbortedError("the lease is lost");
    }
    if (stages_.clock.Now() >= item_.deadline) {
      return Failure(FailureCode::kDeadlineExceeded, "the task's time is over");
    }
    return absl::OkStatus();
  }

  absl::Status FetchManifest() {
    LANDWAITER_ASSIGN_OR_RETURN(
        source::ResolvedImage image,
        source::ResolveImage(source_, item_.digest.text(), {}));
    if (image.manifest != item_.digest) {
      return Failure(FailureCode::kUnsupportedMedia,
                     "this is an index, not one platform's image");
    }
    const std::string& os = image.config.platform.os;
    if (!os.empty() && os != "linux") {
      return Failure(FailureCode::kUnsupportedPlatform,
                     base::StrCat("only Linux images are scanned, this one is "
                                  "for ",
                                  base::Printable(os, 50)));
    }
    facts_.manifest = image.manifest;
    facts_.media_type = std::move(image.media_type);
    facts_.config = std::move(image.config);
    facts_.layers = std::move(image.layers);
    return stages_.failpoints.Hit(base::kAgentManifestFetched);
  }

  static bool SomeAreElsewhere(const model::ImagePlan& plan) {
    return std::find(plan.layers.begin(), plan.layers.end(),
                     model::LayerAction::kElsewhere) != plan.layers.end();
  }

  // Each blob once, though an image may hold it at several places.
  std::vector<const model::LayerRef*> ToFetch(const model::ImagePlan& plan) {
    std::vector<const model::LayerRef*> layers;
    std::set<model::Digest> seen;
    for (size_t i = 0; i < plan.layers.size(); ++i) {
      const model::LayerRef& layer = facts_.layers[i];
      if (plan.layers[i] == model::LayerAction::kFetch &&
          seen.insert(layer.blob.digest).second) {
        layers.push_back(&layer);
      }
    }
    return layers;
  }

  absl::Status ScanLayers(const std::vector<const model::LayerRef*>& layers) {
    std::vector<absl::Status> results(layers.size());
    stages_.executor.ForEach(
        layers.size(), [&](size_t i) { results[i] = ScanLayer(*layers[i]); });
    for (absl::Status& result : results) {
      if (!result.ok()) return std::move(result);
    }
    return absl::OkStatus();
  }

  absl::Status ScanLayer(const model::LayerRef& layer) {
    LANDWAITER_RETURN_IF_ERROR(Continue());
    if (layer.blob.foreign) {
      return Failure(FailureCode::kUnsupportedMedia,
                     base::StrCat("layer ", layer.blob.digest.text(),
                                  " is kept elsewhere (a foreign layer)"));
    }
    auto report = stages_.scanner.Scan(layer, [&](source::BlobSink sink) {
      return source_.FetchBlob(layer.blob, sink);
    });
    if (!report.ok()) {
      return base::WithContext(
          report.status(), base::StrCat("layer ", layer.blob.digest.text()));
    }
    LANDWAITER_RETURN_IF_ERROR(
        stages_.failpoints.Hit(base::kAgentLayerScanned));
    LANDWAITER_RETURN_IF_ERROR(stages_.analyzer.SubmitLayer(lease_, *report));
    return stages_.failpoints.Hit(base::kAgentLayerSubmitted);
  }

  const Stages& stages_;
  const model::WorkItem& item_;
  const model::LeaseRef lease_;
  source::RegistrySource source_;
  model::ImageFacts facts_;
};

}  // namespace

absl::Status ScanImage(const Stages& stages, const model::WorkItem& item) {
  return ImageScan(stages, item).Run();
}

}  // namespace landwaiter::agent::pipeline
