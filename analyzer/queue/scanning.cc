#include <map>
#include <utility>

#include "analyzer/queue/lease_check.h"
#include "analyzer/queue/sweep.h"
#include "analyzer/queue/work_queue.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "core/wire/layer_report.h"

// WorkQueue: the plan of an image, and its layers.
namespace landwaiter::analyzer::queue {
namespace {

using base::FailureCode;
using base::StrCat;
using model::LayerAction;
using model::WorkKind;
using store::ItemRow;
using store::LayerKey;

constexpr size_t kMaxLayers = 512;

absl::Status CheckFacts(const ItemRow& item, const model::ImageFacts& facts) {
  if (facts.manifest != item.digest) {
    return absl::InvalidArgumentError(
        "manifest: is not the item's; the item names one platform image");
  }
  if (facts.layers.size() > kMaxLayers) {
    return base::Failure(
        FailureCode::kLimitExceeded,
        StrCat("the image has ", facts.layers.size(), " layers, at most ",
               kMaxLayers, " are scanned"),
        "Layers");
  }
  const std::string& os = facts.config.platform.os;
  if (!os.empty() && os != "linux") {
    return base::Failure(FailureCode::kUnsupportedPlatform,
                         StrCat("is for ", facts.config.platform.ToString(),
                                "; only Linux images are scanned"));
  }
  for (const model::LayerRef& layer : facts.layers) {
    if (layer.blob.digest.empty()) {
      return absl::InvalidArgumentError("layers: one has no digest");
    }
  }
  return absl::OkStatus();
}

absl::Status SetAside(const model::Digest& digest) {
  return base::Failure(
      FailureCode::kInternal,
      StrCat("two reports of layer ", digest.text(),
             " differ; both are set aside until the extractors change"),
      "LayerQuarantined");
}

// What the lease is to do for one layer; takes the claim if nobody has it.
absl::StatusOr<LayerAction> PlanLayer(Step& step, const ItemRow& item,
                                      const model::LayerRef& layer) {
  // A layer that may not be distributed is nowhere to be pulled from.
  if (layer.blob.foreign) return LayerAction::kKnown;
  const LayerKey key{item.tenant_id, layer.blob.digest,
                     model::kLayerReportVersion};
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<store::LayerRow> known,
                              step.txn.layers().Find(key));
  if (known && known->quarantined) return SetAside(layer.blob.digest);
  if (known) return LayerAction::kKnown;
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<store::LayerClaim> claim,
                              step.txn.layers().FindClaim(key, step.now));
  if (claim && claim->item != item.id) return LayerAction::kElsewhere;
  LANDWAITER_RETURN_IF_ERROR(
      step.txn.layers().PutClaim(key, {item.id, item.fence}));
  return LayerAction::kFetch;
}

absl::Status Plan(Step& step, const model::AgentIdentity& identity,
                  const model::LeaseRef& lease, const model::ImageFacts& facts,
                  model::ImagePlan& plan) {
  LANDWAITER_RETURN_IF_ERROR(Sweep(step));
  LANDWAITER_ASSIGN_OR_RETURN(const ItemRow item,
                              CheckLease(step, identity, lease));
  LANDWAITER_RETURN_IF_ERROR(CheckKind(item, WorkKind::kScanImage));
  LANDWAITER_RETURN_IF_ERROR(CheckFacts(item, facts));
  LANDWAITER_RETURN_IF_ERROR(
      step.txn.images()
          .PutFacts({item.registry, item.repository, item.digest}, facts)
          .status());
  std::map<model::Digest, LayerAction> actions;
  for (const model::LayerRef& layer : facts.layers) {
    const model::Digest& digest = layer.blob.digest;
    if (!actions.contains(digest)) {
      LANDWAITER_ASSIGN_OR_RETURN(actions[digest],
                                  PlanLayer(step, item, layer));
      plan.layers.push_back(actions[digest]);
    } else {
      // The same layer twice is pulled once.
      const LayerAction first = actions[digest];
      plan.layers.push_back(first == LayerAction::kFetch ? LayerAction::kKnown
                                                         : first);
    }
    if (plan.layers.back() == LayerAction::kElsewhere) {
      plan.ask_again = step.options.plan_poll;
    }
  }
  return absl::OkStatus();
}

// An agent may report only layers of the image that it leases, and the bytes
// must be those that the image's config names.
absl::Status CheckReported(Step& step, const ItemRow& item,
                           const model::LayerReport& report) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<store::ImageRow> image,
      step.txn.images().Find({item.registry, item.repository, item.digest}));
  if (!image) {
    return absl::FailedPreconditionError("the image has no plan yet");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const model::ImageFacts facts,
                              step.txn.images().Facts(image->id));
  for (const model::LayerRef& layer : facts.layers) {
    if (layer.blob.digest != report.blob_digest) continue;
    if (layer.diff_id.empty() || layer.diff_id == report.diff_id) {
      return absl::OkStatus();
    }
    return base::Failure(FailureCode::kDiffIdMismatch,
                         StrCat("layer ", report.blob_digest.text(),
                                " inflates to ", report.diff_id.text(),
                                ", the config says ", layer.diff_id.text()));
  }
  return absl::InvalidArgumentError(
      "blob_digest: is no layer of the leased image");
}

absl::Status StoreLayer(Step& step, const model::AgentIdentity& identity,
                        const model::LeaseRef& lease,
                        const model::LayerReport& report,
                        std::string_view bytes, std::string_view hash,
                        bool& conflict) {
  LANDWAITER_RETURN_IF_ERROR(Sweep(step));
  LANDWAITER_ASSIGN_OR_RETURN(const ItemRow item,
                              CheckLease(step, identity, lease));
  LANDWAITER_RETURN_IF_ERROR(CheckKind(item, WorkKind::kScanImage));
  LANDWAITER_RETURN_IF_ERROR(CheckReported(step, item, report));
  const LayerKey key{item.tenant_id, report.blob_digest,
                     model::kLayerReportVersion};
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<store::LayerRow> known,
                              step.txn.layers().Find(key));
  if (!known) return step.txn.layers().Put(key, bytes, hash, step.now);
  if (known->quarantined) return SetAside(report.blob_digest);
  if (known->hash == hash) return absl::OkStatus();
  conflict = true;
  LANDWAITER_RETURN_IF_ERROR(step.txn.layers().Quarantine(key, bytes));
  return step.txn.images().MarkStale(key);
}

}  // namespace

absl::StatusOr<model::ImagePlan> WorkQueue::PlanImage(
    const model::AgentIdentity& identity, const model::LeaseRef& lease,
    const model::ImageFacts& facts) {
  model::ImagePlan plan;
  LANDWAITER_RETURN_IF_ERROR(Commit(
      environment_, store::Durability::kCrash,
      [&](Step& step) { return Plan(step, identity, lease, facts, plan); }));
  return plan;
}

absl::Status WorkQueue::SubmitLayer(const model::AgentIdentity& identity,
                                    const model::LeaseRef& lease,
                                    const model::LayerReport& report) {
  const std::string bytes = wire::SerializeLayerReport(report);
  if (bytes.size() > wire::kMaxLayerReportBytes) {
    return base::Failure(FailureCode::kLimitExceeded,
                         "the layer's report is too large", "LayerReport");
  }
  const std::string hash = wire::LayerReportIdentity(report);
  LANDWAITER_RETURN_IF_ERROR(
      environment_.failpoints.Hit(base::kAnalyzerLayerStaged));
  bool conflict = false;
  LANDWAITER_RETURN_IF_ERROR(
      Commit(environment_, store::Durability::kPowerLoss, [&](Step& step) {
        return StoreLayer(step, identity, lease, report, bytes, hash, conflict);
      }));
  if (!conflict) return absl::OkStatus();
  ++layer_conflicts_;
  // An alert: an extractor is not deterministic, or an agent lies.
  base::LogError("layer reports differ", {{"layer", report.blob_digest.text()},
                                          {"namespace", identity.tenant.ns},
                                          {"registry", identity.registry_uid},
                                          {"cluster", identity.cluster}});
  return SetAside(report.blob_digest);
}

}  // namespace landwaiter::analyzer::queue
