#include "analyzer/queue/discovery.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "analyzer/queue/explicit_images.h"
#include "analyzer/queue/glob.h"
#include "analyzer/queue/progress.h"
#include "analyzer/queue/result.h"
#include "analyzer/queue/scope.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::queue {
namespace {

using base::FailureCode;
using base::StrCat;
using model::WorkKind;
using store::ItemRow;
using store::RegistryRow;
using store::TaskRow;

// Listings go before scans, and a registry's before its repositories'.
constexpr int64_t kRankRepositories = -2;
constexpr int64_t kRankTags = -1;
constexpr int64_t kRankNeverScanned = 0;
constexpr size_t kBatch = 500;
// What a registry says of its repositories is believed for so long.
constexpr absl::Duration kStateBelieved = absl::Hours(24);

absl::Status AddListing(Step& step, const TaskRow& task,
                        const RegistryRow& registry, WorkKind kind,
                        const std::string& repository,
                        const std::string& repository_state = "",
                        store::ItemState state = store::ItemState::kReady) {
  const bool all = kind == WorkKind::kListRepositories;
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool added,
      step.txn.items().Insert(
          {.task = task.id,
           .registry = registry.id,
           .kind = kind,
           .repository = repository,
           .reference = all ? registry.spec.host
                            : StrCat(registry.spec.host, "/", repository),
           .state = state,
           .rank = all ? kRankRepositories : kRankTags,
           .repository_state = repository_state}));
  if (added) step.WorkChanged(registry);
  return absl::OkStatus();
}

// The repositories that need not be searched for: a scope that names each of
// them needs no catalogue, which many registries do not give to everybody.
std::vector<std::string> LiteralRepositories(const TaskRow& task,
                                             const RegistryRow& registry) {
  for (const auto* include :
       {&task.spec.scope.include, &registry.spec.include}) {
    if (!include->empty() && std::ranges::all_of(*include, IsLiteral)) {
      return *include;
    }
  }
  return {};
}

absl::Status StartRegistry(Step& step, const TaskRow& task,
                           const RegistryRow& registry) {
  const std::vector<std::string> literal = LiteralRepositories(task, registry);
  if (literal.empty()) {
    return AddListing(step, task, registry, WorkKind::kListRepositories, "");
  }
  for (const std::string& repository : literal) {
    LANDWAITER_RETURN_IF_ERROR(AddRepository(step, task, registry, repository));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RegistryRow>> RegistriesOf(Step& step,
                                                      const TaskRow& task) {
  std::vector<RegistryRow> rows;
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::RowId> ids,
                              step.txn.tasks().Registries(task.id));
  for (const store::RowId id : ids) {
    LANDWAITER_ASSIGN_OR_RETURN(RegistryRow row, step.txn.registries().Get(id));
    rows.push_back(std::move(row));
  }
  return rows;
}

// The items of the earlier task that failed or were skipped.
absl::StatusOr<std::vector<ItemRow>> ItemsToRetry(Step& step,
                                                  const TaskRow& task) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<TaskRow> earlier,
      step.txn.tasks().Find(task.tenant, task.spec.retry_of));
  if (!earlier) {
    return absl::NotFoundError(
        StrCat("the task to retry (", task.spec.retry_of,
               ") is not known: it was deleted, or never started"));
  }
  std::vector<ItemRow> items;
  for (const auto state :
       {store::ItemState::kFailed, store::ItemState::kSkipped}) {
    store::RowId after = 0;
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(
          const std::vector<ItemRow> batch,
          step.txn.items().InState(earlier->id, state, after, kBatch));
      if (batch.empty()) break;
      after = batch.back().id;
      items.insert(items.end(), batch.begin(), batch.end());
    }
  }
  return items;
}

// Adds images to the task, each one once.
class Expansion {
 public:
  Expansion(Step& step, TaskRow& task) : step_(step), task_(task) {}

  // With `keep` a result that is reused stays as long as the task: no listing
  // may name the image.
  absl::Status Add(const RegistryRow& registry, const std::string& repository,
                   const SelectedImage& image, bool keep = false) {
    if (!seen_.emplace(registry.id, repository, image.digest).second) {
      return absl::OkStatus();
    }
    ++task_.status.images.total;
    const std::string reference = StrCat(registry.spec.host, "/", repository,
                                         image.tag.empty() ? "" : ":",
                                         image.tag, "@", image.digest.text());
    if (image.unsupported) {
      ++task_.status.images.unsupported;
      return AddFailure(step_, task_, FailureRank::kUnsupported, reference,
                        *image.unsupported);
    }
    LANDWAITER_ASSIGN_OR_RETURN(
        const std::optional<store::ImageRow> known,
        step_.txn.images().Find({registry.id, repository, image.digest}));
    ItemRow item = {.task = task_.id,
                    .registry = registry.id,
                    .kind = WorkKind::kScanImage,
                    .repository = repository,
                    .digest = image.digest,
                    .reference = reference,
                    .rank = known && known->scanned_at
                                ? absl::ToUnixMicros(*known->scanned_at)
                                : kRankNeverScanned};
    if (known && IsFresh(*known, task_)) {
      LANDWAITER_RETURN_IF_ERROR(Reuse(*known, reference));
      if (!keep) return absl::OkStatus();
      item.state = store::ItemState::kDone;
    } else {
      step_.WorkChanged(registry);
    }
    return step_.txn.items().Insert(item).status();
  }

  // An image that was asked for by name and cannot be found.
  absl::Status AddMissing(const std::string& reference,
                          const std::string& message) {
    ++task_.status.images.total;
    ++task_.status.images.failed;
    return AddFailure(step_, task_, FailureRank::kFailed, reference,
                      {.code = std::string(ToString(FailureCode::kNotFound)),
                       .cause = "",
                       .message = message,
                       .retryable = false});
  }

 private:
  absl::Status Reuse(const store::ImageRow& image,
                     const std::string& reference) {
    ++task_.status.images.reused;
    LANDWAITER_ASSIGN_OR_RETURN(
        const std::vector<model::Finding> findings,
        step_.txn.images().Findings(image.id, kTopSample));
    return CountImage(step_, task_, image, reference, findings);
  }

  Step& step_;
  TaskRow& task_;
  std::set<std::tuple<store::RowId, std::string, model::Digest>> seen_;
};

absl::Status ExpandListed(Step& step, const TaskRow& task,
                          const RegistryRow& registry, Expansion& expansion) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::vector<std::string> repositories,
      step.txn.items().ListedRepositories(task.id, registry.id));
  for (const std::string& repository : repositories) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const std::optional<store::RepositoryView> view,
        step.txn.catalog().View(registry.id, repository));
    if (!view) continue;
    for (const SelectedImage& image :
         SelectImages(*view, task.spec.scope, step.now)) {
      LANDWAITER_RETURN_IF_ERROR(expansion.Add(registry, repository, image));
    }
  }
  return absl::OkStatus();
}

absl::Status ExpandNamed(Step& step, const ExplicitImage& wanted,
                         Expansion& expansion) {
  if (!wanted.registry) {
    return expansion.AddMissing(wanted.text,
                                "no registry of the task has its host");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<store::RepositoryView> view,
      step.txn.catalog().View(wanted.registry->id, wanted.repository));
  std::vector<SelectedImage> images;
  if (view) {
    images = wanted.digest.empty() ? SelectTag(*view, wanted.tag)
                                   : SelectDigest(*view, wanted.digest);
  }
  if (images.empty() && !wanted.digest.empty()) {
    images.push_back({wanted.digest, wanted.tag, std::nullopt});
  }
  if (images.empty()) {
    return expansion.AddMissing(wanted.text,
                                "the registry lists no such image");
  }
  for (const SelectedImage& image : images) {
    LANDWAITER_RETURN_IF_ERROR(expansion.Add(*wanted.registry,
                                             wanted.repository, image,
                                             /*keep=*/true));
  }
  return absl::OkStatus();
}

absl::Status ExpandRetry(Step& step, const TaskRow& task,
                         const std::vector<RegistryRow>& registries,
                         Expansion& expansion) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<ItemRow> items,
                              ItemsToRetry(step, task));
  for (const ItemRow& item : items) {
    if (item.kind != WorkKind::kScanImage) continue;
    const auto registry =
        std::ranges::find(registries, item.registry, &RegistryRow::id);
    if (registry == registries.end()) continue;
    LANDWAITER_RETURN_IF_ERROR(expansion.Add(*registry, item.repository,
                                             {item.digest, "", std::nullopt}));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> IsUnchanged(Step& step, const TaskRow& task,
                                 const RegistryRow& registry,
                                 const std::string& repository,
                                 const std::string& state) {
  if (state.empty() || task.spec.force) return false;
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<store::RowId> id,
      step.txn.catalog().FindRepository(registry.id, repository));
  if (!id) return false;
  LANDWAITER_ASSIGN_OR_RETURN(const store::ListedState listed,
                              step.txn.catalog().Listed(*id));
  return listed.state == state && listed.at <= step.now &&
         step.now < listed.at + kStateBelieved;
}

// A registry is in sync when a task that is for all of it has listed all.
absl::Status MarkSynced(Step& step, const TaskRow& task,
                        const std::vector<RegistryRow>& registries) {
  const model::Scope& scope = task.spec.scope;
  if (!scope.include.empty() || !scope.exclude.empty() ||
      !scope.images.empty() || !task.spec.retry_of.empty()) {
    return absl::OkStatus();
  }
  std::set<store::RowId> failed;
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::vector<ItemRow> items,
      step.txn.items().InState(task.id, store::ItemState::kFailed, 0, 10'000));
  for (const ItemRow& item : items) failed.insert(item.registry);
  for (const RegistryRow& registry : registries) {
    if (failed.contains(registry.id)) continue;
    LANDWAITER_RETURN_IF_ERROR(
        step.txn.registries().SetLastSync(registry.id, step.now));
    step.RegistryChanged(registry);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status StartTask(Step& step, TaskRow& task) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<RegistryRow> registries,
                              RegistriesOf(step, task));
  for (const RegistryRow& registry : registries) {
    LANDWAITER_RETURN_IF_ERROR(step.txn.registries().SetIdleSince(
        registry.id, absl::InfiniteFuture()));
  }
  LANDWAITER_RETURN_IF_ERROR(Log(step, task, "task started"));
  if (!task.spec.retry_of.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::vector<ItemRow> items,
                                ItemsToRetry(step, task));
    for (const ItemRow& item : items) {
      const auto registry =
          std::ranges::find(registries, item.registry, &RegistryRow::id);
      if (item.kind == WorkKind::kScanImage || registry == registries.end()) {
        continue;
      }
      LANDWAITER_RETURN_IF_ERROR(
          AddListing(step, task, *registry, item.kind, item.repository));
    }
  } else if (!task.spec.scope.images.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const std::vector<ExplicitImage> images,
        ResolveImages(task.spec.scope.images, registries));
    for (const ExplicitImage& image : images) {
      if (!image.registry || !image.digest.empty()) continue;
      LANDWAITER_RETURN_IF_ERROR(AddListing(
          step, task, *image.registry, WorkKind::kListTags, image.repository));
    }
  } else {
    for (const RegistryRow& registry : registries) {
      LANDWAITER_RETURN_IF_ERROR(StartRegistry(step, task, registry));
    }
  }
  return Advance(step, task);
}

absl::Status AddRepository(Step& step, const TaskRow& task,
                           const RegistryRow& registry,
                           const std::string& repository,
                           const std::string& state) {
  const model::Scope& scope = task.spec.scope;
  if (!GlobSelects(registry.spec.include, registry.spec.exclude, repository) ||
      !GlobSelects(scope.include, scope.exclude, repository)) {
    return absl::OkStatus();
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool unchanged,
      IsUnchanged(step, task, registry, repository, state));
  return AddListing(
      step, task, registry, WorkKind::kListTags, repository, state,
      unchanged ? store::ItemState::kDone : store::ItemState::kReady);
}

absl::Status Expand(Step& step, TaskRow& task) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<RegistryRow> registries,
                              RegistriesOf(step, task));
  LANDWAITER_RETURN_IF_ERROR(MarkSynced(step, task, registries));
  if (task.spec.type != model::TaskType::kImageScan) return absl::OkStatus();
  Expansion expansion(step, task);
  if (!task.spec.scope.images.empty() && task.spec.retry_of.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const std::vector<ExplicitImage> images,
        ResolveImages(task.spec.scope.images, registries));
    for (const ExplicitImage& image : images) {
      LANDWAITER_RETURN_IF_ERROR(ExpandNamed(step, image, expansion));
    }
  } else {
    for (const RegistryRow& registry : registries) {
      LANDWAITER_RETURN_IF_ERROR(ExpandListed(step, task, registry, expansion));
    }
  }
  if (!task.spec.retry_of.empty()) {
    LANDWAITER_RETURN_IF_ERROR(ExpandRetry(step, task, registries, expansion));
  }
  return Log(
      step, task,
      StrCat(task.status.images.total, " images: ", task.status.images.reused,
             " reused, ", task.status.images.unsupported, " unsupported"));
}

}  // namespace landwaiter::analyzer::queue
