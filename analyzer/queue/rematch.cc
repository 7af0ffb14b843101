#include "analyzer/queue/rematch.h"

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "analyzer/queue/result.h"
#include "core/base/failure.h"

namespace landwaiter::analyzer::queue {
namespace {

using store::RowId;

constexpr size_t kBatch = 500;
constexpr size_t kAll = size_t{1} << 30;

// The scanned images that hold the package; all of them if it is empty.
absl::Status Collect(Environment& environment, const std::string& package,
                     std::set<RowId>& images) {
  RowId after = 0;
  while (true) {
    std::vector<RowId> batch;
    LANDWAITER_RETURN_IF_ERROR(
        environment.store.Read([&](store::Transaction& txn) -> absl::Status {
          LANDWAITER_ASSIGN_OR_RETURN(
              batch, txn.images().Scanned(package, after, kBatch));
          return absl::OkStatus();
        }));
    if (batch.empty()) return absl::OkStatus();
    after = batch.back();
    images.insert(batch.begin(), batch.end());
  }
}

struct Stored {
  store::ImageRow row;
  model::Inventory inventory;
  std::vector<model::Finding> findings;
};

// nullopt if the image is gone meanwhile.
absl::StatusOr<std::optional<Stored>> ReadImage(Environment& environment,
                                                RowId image) {
  Stored stored;
  const absl::Status status =
      environment.store.Read([&](store::Transaction& txn) -> absl::Status {
        LANDWAITER_ASSIGN_OR_RETURN(stored.row, txn.images().Get(image));
        LANDWAITER_ASSIGN_OR_RETURN(stored.inventory,
                                    txn.images().Inventory(image));
        LANDWAITER_ASSIGN_OR_RETURN(stored.findings,
                                    txn.images().Findings(image, kAll));
        return absl::OkStatus();
      });
  if (absl::IsNotFound(status)) return std::nullopt;
  LANDWAITER_RETURN_IF_ERROR(status);
  return stored;
}

// What was found before, and just so, keeps the database that it came of.
void KeepOrigins(const std::vector<model::Finding>& before,
                 std::vector<model::Finding>& now) {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view,
                         std::string_view>;
  const auto key = [](const model::Finding& f) {
    return Key(f.id, f.package, f.installed_version, f.path);
  };
  std::map<Key, const model::Finding*> known;
  for (const model::Finding& finding : before) known[key(finding)] = &finding;
  for (model::Finding& finding : now) {
    const auto old = known.find(key(finding));
    if (old == known.end()) continue;
    std::string database =
        std::exchange(finding.database, old->second->database);
    if (finding != *old->second) finding.database = std::move(database);
  }
}

// Whether the image's findings changed.
absl::StatusOr<bool> RematchImage(Environment& environment, RowId image) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<Stored> stored,
                              ReadImage(environment, image));
  if (!stored) return false;
  LANDWAITER_ASSIGN_OR_RETURN(Detection detection,
                              environment.detector.Detect(stored->inventory));
  SortFindings(detection.findings);
  KeepOrigins(stored->findings, detection.findings);
  if (detection.findings == stored->findings &&
      detection.no_advisory_data == stored->row.no_advisory_data) {
    return false;
  }
  LANDWAITER_RETURN_IF_ERROR(
      Commit(environment, store::Durability::kPowerLoss,
             [&](Step& step) -> absl::Status {
               const absl::StatusOr<store::ImageRow> now =
                   step.txn.images().Get(image);
               if (absl::IsNotFound(now.status())) return absl::OkStatus();
               LANDWAITER_RETURN_IF_ERROR(now.status());
               if (now->scanned_at != stored->row.scanned_at)
                 return absl::OkStatus();
               LANDWAITER_RETURN_IF_ERROR(step.txn.images().PutFindings(
                   image, detection.findings, detection.no_advisory_data,
                   detection.message));
               LANDWAITER_ASSIGN_OR_RETURN(
                   const store::RegistryRow registry,
                   step.txn.registries().Get(now->key.registry));
               step.RegistryChanged(registry);
               return absl::OkStatus();
             }));
  return true;
}

absl::StatusOr<RematchResult> RematchImages(Environment& environment,
                                            const std::set<RowId>& images) {
  RematchResult result;
  for (const RowId image : images) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool changed,
                                RematchImage(environment, image));
    ++result.images;
    if (changed) ++result.changed;
  }
  return result;
}

}  // namespace

absl::StatusOr<RematchResult> Rematch(
    Environment& environment, const std::vector<std::string>& packages) {
  std::set<RowId> images;
  for (const std::string& package : packages) {
    if (package.empty()) continue;
    LANDWAITER_RETURN_IF_ERROR(Collect(environment, package, images));
  }
  return RematchImages(environment, images);
}

absl::StatusOr<RematchResult> RematchAll(Environment& environment) {
  std::set<RowId> images;
  LANDWAITER_RETURN_IF_ERROR(Collect(environment, "", images));
  return RematchImages(environment, images);
}

}  // namespace landwaiter::analyzer::queue
