#include <optional>
#include <utility>

#include "analyzer/queue/lease_check.h"
#include "analyzer/queue/progress.h"
#include "analyzer/queue/result.h"
#include "analyzer/queue/sweep.h"
#include "analyzer/queue/work_queue.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/merge/merge.h"
#include "core/wire/layer_report.h"

// WorkQueue: what becomes of an item.
namespace landwaiter::analyzer::queue {
namespace {

using base::StrCat;
using model::WorkKind;
using store::ItemRow;

// How often a scan is matched because newer advisories came meanwhile.
constexpr int kMaxMatchings = 3;

// What a success of a scan is made from.
struct Scanned {
  std::string reference;
  model::ImageFacts facts;
  std::vector<std::string> reports;  // serialised; empty for foreign layers
};

absl::Status ReadReports(Step& step, const ItemRow& item, Scanned& scanned) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<store::ImageRow> image,
      step.txn.images().Find({item.registry, item.repository, item.digest}));
  if (!image) {
    return absl::FailedPreconditionError("the image has no plan yet");
  }
  LANDWAITER_ASSIGN_OR_RETURN(scanned.facts,
                              step.txn.images().Facts(image->id));
  for (const model::LayerRef& layer : scanned.facts.layers) {
    std::string& report = scanned.reports.emplace_back();
    if (layer.blob.foreign) continue;
    const store::LayerKey key{item.tenant_id, layer.blob.digest,
                              model::kLayerReportVersion};
    LANDWAITER_ASSIGN_OR_RETURN(const std::optional<store::LayerRow> known,
                                step.txn.layers().Find(key));
    if (!known || known->quarantined) {
      return absl::FailedPreconditionError(
          StrCat("layer ", layer.blob.digest.text(), " has no report"));
    }
    LANDWAITER_ASSIGN_OR_RETURN(report, step.txn.layers().Report(key));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<model::LayerReport>> ParseReports(
    const Scanned& scanned) {
  std::vector<model::LayerReport> reports;
  for (size_t i = 0; i < scanned.reports.size(); ++i) {
    if (scanned.facts.layers[i].blob.foreign) {
      reports.emplace_back().blob_digest = scanned.facts.layers[i].blob.digest;
      continue;
    }
    LANDWAITER_ASSIGN_OR_RETURN(model::LayerReport report,
                                wire::ParseLayerReport(scanned.reports[i]));
    reports.push_back(std::move(report));
  }
  return reports;
}

// Outside any transaction: merging and matching may take a while.
struct Analyzed {
  store::ScanResult result;
  std::string database;  // version of the advisories it was matched with
};

absl::StatusOr<Analyzed> Analyze(Environment& environment,
                                 const Scanned& scanned) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<model::LayerReport> reports,
                              ParseReports(scanned));
  store::ScanResult result;
  result.inventory = merge::MergeLayers(reports);
  result.inventory.manifest = scanned.facts.manifest;
  result.inventory.config = scanned.facts.config;
  result.inventory.layers = scanned.facts.layers;
  result.inventory.reference = scanned.reference;
  for (const model::LayerRef& layer : scanned.facts.layers) {
    if (!layer.blob.foreign) continue;
    result.inventory.problems.push_back(
        StrCat("layer ", layer.blob.digest.text(),
               " may not be distributed and was not read"));
  }
  LANDWAITER_RETURN_IF_ERROR(environment.failpoints.Hit(base::kAnalyzerMerged));
  LANDWAITER_ASSIGN_OR_RETURN(Detection detection,
                              environment.detector.Detect(result.inventory));
  LANDWAITER_RETURN_IF_ERROR(
      environment.failpoints.Hit(base::kAnalyzerMatched));
  SortFindings(detection.findings);
  result.findings = std::move(detection.findings);
  result.no_advisory_data = detection.no_advisory_data;
  result.message = std::move(detection.message);
  result.lookups = std::move(detection.lookups);
  return Analyzed{std::move(result), std::move(detection.database)};
}

absl::Status StoreResult(Step& step, store::TaskRow& task, const ItemRow& item,
                         const store::ScanResult& result) {
  store::ImageTable& images = step.txn.images();
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<store::ImageRow> image,
      images.Find({item.registry, item.repository, item.digest}));
  if (!image) {
    return absl::FailedPreconditionError("the image has no plan yet");
  }
  LANDWAITER_RETURN_IF_ERROR(images.PutResult(
      image->id, result, model::kLayerReportVersion, step.now));
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool first,
      images.CountQuota(item.tenant_id, item.digest, step.now));
  if (first) ++task.status.quota_consumed;
  ++task.status.images.scanned;
  LANDWAITER_ASSIGN_OR_RETURN(const store::ImageRow stored,
                              images.Get(image->id));
  LANDWAITER_RETURN_IF_ERROR(
      CountImage(step, task, stored, item.reference, result.findings));
  for (const std::string& problem : result.inventory.problems) {
    LANDWAITER_RETURN_IF_ERROR(
        Log(step, task, StrCat(item.reference, ": ", problem)));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const store::RegistryRow registry,
                              step.txn.registries().Get(item.registry));
  step.RegistryChanged(registry);
  return absl::OkStatus();
}

absl::Status Succeed(Step& step, ItemRow& item,
                     const std::optional<Analyzed>& analyzed) {
  LANDWAITER_ASSIGN_OR_RETURN(store::TaskRow task,
                              step.txn.tasks().Get(item.task));
  if (item.kind == WorkKind::kScanImage) {
    LANDWAITER_RETURN_IF_ERROR(StoreResult(step, task, item, analyzed->result));
  } else if (!item.listing_complete) {
    return absl::FailedPreconditionError("the listing is not complete");
  }
  return FinishItem(step, task, item);
}

absl::Status Fail(Step& step, ItemRow& item,
                  const model::FailureInfo& failure) {
  LANDWAITER_ASSIGN_OR_RETURN(store::TaskRow task,
                              step.txn.tasks().Get(item.task));
  LANDWAITER_ASSIGN_OR_RETURN(const store::RegistryRow registry,
                              step.txn.registries().Get(item.registry));
  step.WorkChanged(registry);
  return FailItem(step, task, item, failure);
}

}  // namespace

absl::Status WorkQueue::Complete(const model::AgentIdentity& identity,
                                 const model::LeaseRef& lease,
                                 const model::Outcome& outcome) {
  // First what the result is made from, then (with nothing locked) the
  // result, then, if the lease still stands, all in one transaction.
  bool repeated = false;
  std::optional<Scanned> scanned;
  LANDWAITER_RETURN_IF_ERROR(
      environment_.store.Read([&](store::Transaction& txn) -> absl::Status {
        Step step{.txn = txn,
                  .now = environment_.clock.Now(),
                  .epoch = environment_.store.epoch(),
                  .options = environment_.options};
        LANDWAITER_ASSIGN_OR_RETURN(const std::optional<ItemRow> item,
                                    CheckCompletion(step, identity, lease));
        repeated = !item.has_value();
        if (repeated || outcome.failure || item->kind != WorkKind::kScanImage) {
          return absl::OkStatus();
        }
        scanned.emplace().reference = item->reference;
        return ReadReports(step, *item, *scanned);
      }));
  if (repeated) return absl::OkStatus();
  for (int tries = 0;; ++tries) {
    std::optional<Analyzed> analyzed;
    if (scanned) {
      LANDWAITER_ASSIGN_OR_RETURN(analyzed, Analyze(environment_, *scanned));
    }
    bool outdated = false;
    const absl::Status committed = Commit(
        environment_, store::Durability::kPowerLoss,
        [&](Step& step) -> absl::Status {
          LANDWAITER_RETURN_IF_ERROR(Sweep(step));
          LANDWAITER_ASSIGN_OR_RETURN(std::optional<ItemRow> item,
                                      CheckCompletion(step, identity, lease));
          if (!item) return absl::OkStatus();
          if (outcome.failure) return Fail(step, *item, *outcome.failure);
          // Newer advisories came while this was matched with the older ones,
          // and may have looked for images to match again already.
          outdated =
              analyzed && analyzed->database != environment_.detector.version();
          if (outdated) return absl::UnavailableError("newer advisories came");
          return Succeed(step, *item, analyzed);
        });
    if (!outdated || tries == kMaxMatchings) return committed;
  }
}

}  // namespace landwaiter::analyzer::queue
