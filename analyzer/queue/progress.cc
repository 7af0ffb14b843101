#include "analyzer/queue/progress.h"

#include <algorithm>
#include <utility>

#include "analyzer/queue/discovery.h"
#include "analyzer/queue/result.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::queue {
namespace {

using base::FailureCode;
using base::StrCat;
using model::TaskPhase;
using store::ItemRow;
using store::ItemState;
using store::TaskRow;

constexpr size_t kBatch = 500;
constexpr absl::Duration kMaxPause = absl::Hours(1);

bool IsScan(const ItemRow& item) {
  return item.kind == model::WorkKind::kScanImage;
}

std::string_view PhaseName(TaskPhase phase) {
  switch (phase) {
    case TaskPhase::kSucceeded:
      return "Succeeded";
    case TaskPhase::kPartiallySucceeded:
      return "PartiallySucceeded";
    case TaskPhase::kFailed:
      return "Failed";
    case TaskPhase::kTimedOut:
      return "TimedOut";
    case TaskPhase::kCancelled:
      return "Cancelled";
    default:
      return "Running";
  }
}

// base * 2^(n-1), at most max, minus a part that depends on the item, so that
// what failed together does not come again together.
absl::Duration BackOff(const QueueOptions& options, const ItemRow& item) {
  absl::Duration wait = options.retry_base;
  for (uint32_t i = 1; i < item.failures && wait < options.retry_max; ++i) {
    wait *= 2;
  }
  wait = std::min(wait, options.retry_max);
  // splitmix64 of the seed, the item and the try.
  uint64_t x = options.jitter_seed +
               0x9e3779b97f4a7c15 *
                   (static_cast<uint64_t>(item.id) * 64 + item.failures + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  const double part = static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
  return wait - wait * (part / 2);
}

bool IsUnsupported(const model::FailureInfo& failure) {
  return failure.code == ToString(FailureCode::kUnsupportedPlatform) ||
         failure.code == ToString(FailureCode::kUnsupportedMedia);
}

absl::Status CloseItem(Step& step, ItemRow& item, ItemState state) {
  item.state = state;
  item.completed_fence = item.fence;
  LANDWAITER_RETURN_IF_ERROR(step.txn.items().Update(item));
  return step.txn.layers().ReleaseClaims(item.id);
}

// What a registry asked for holds for all its items.
absl::Status PauseRegistry(Step& step, const ItemRow& item,
                           const model::FailureInfo& failure) {
  if (failure.code != ToString(FailureCode::kRateLimited) ||
      failure.retry_after <= absl::ZeroDuration()) {
    return absl::OkStatus();
  }
  return step.txn.registries().SetPausedUntil(
      item.registry, step.now + std::min(failure.retry_after, kMaxPause));
}

absl::Status FailForGood(Step& step, TaskRow& task, ItemRow& item,
                         const model::FailureInfo& failure) {
  const bool unsupported = IsScan(item) && IsUnsupported(failure);
  LANDWAITER_RETURN_IF_ERROR(CloseItem(
      step, item, unsupported ? ItemState::kDone : ItemState::kFailed));
  if (!IsScan(item)) {
    ++task.failed_listings;
  } else if (unsupported) {
    ++task.status.images.unsupported;
  } else {
    ++task.status.images.failed;
  }
  LANDWAITER_RETURN_IF_ERROR(
      AddFailure(step, task,
                 unsupported ? FailureRank::kUnsupported : FailureRank::kFailed,
                 item.reference, failure));
  LANDWAITER_RETURN_IF_ERROR(
      Log(step, task,
          StrCat(item.reference, ": ", failure.code, ": ", failure.message)));
  return Advance(step, task);
}

absl::Status SkipItem(Step& step, TaskRow& task, ItemRow& item,
                      const model::FailureInfo* why) {
  LANDWAITER_RETURN_IF_ERROR(CloseItem(step, item, ItemState::kSkipped));
  if (!IsScan(item)) return absl::OkStatus();
  ++task.status.images.skipped;
  if (why == nullptr) return absl::OkStatus();
  return AddFailure(step, task, FailureRank::kSkipped, item.reference, *why);
}

// Skips the open items for which `wanted` holds.
template <typename Predicate>
absl::Status SkipItems(Step& step, TaskRow& task, const model::FailureInfo* why,
                       Predicate wanted) {
  for (const ItemState state : {ItemState::kReady, ItemState::kLeased}) {
    store::RowId after = 0;
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(
          std::vector<ItemRow> items,
          step.txn.items().InState(task.id, state, after, kBatch));
      if (items.empty()) break;
      after = items.back().id;
      for (ItemRow& item : items) {
        if (!wanted(item)) continue;
        LANDWAITER_RETURN_IF_ERROR(SkipItem(step, task, item, why));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ReleaseRegistries(Step& step, const TaskRow& task) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::RowId> registries,
                              step.txn.tasks().Registries(task.id));
  for (const store::RowId id : registries) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::RowId> active,
                                step.txn.tasks().ActiveOf(id));
    if (active.empty()) {
      LANDWAITER_RETURN_IF_ERROR(
          step.txn.registries().SetIdleSince(id, step.now));
    }
    LANDWAITER_ASSIGN_OR_RETURN(const store::RegistryRow registry,
                                step.txn.registries().Get(id));
    step.RegistryChanged(registry);
    step.WorkChanged(registry);
  }
  return absl::OkStatus();
}

// All items are through: what has the task come to?
absl::Status Conclude(Step& step, TaskRow& task) {
  const model::ImageCounts& images = task.status.images;
  const uint64_t good = images.scanned + images.reused;
  if (images.failed == 0 && task.failed_listings == 0) {
    return EndTask(step, task, TaskPhase::kSucceeded, "");
  }
  std::string message = task.failed_listings > 0
                            ? StrCat(task.failed_listings, " listing(s) failed")
                            : std::string();
  if (images.failed > 0) {
    base::StrAppend(&message, message.empty() ? "" : ", ", images.failed,
                    " of ", images.total, " images failed");
  }
  const bool some = good > 0 || (images.total == 0 && task.done_listings > 0);
  return EndTask(step, task,
                 some ? TaskPhase::kPartiallySucceeded : TaskPhase::kFailed,
                 std::move(message));
}

}  // namespace

absl::Status Log(Step& step, const TaskRow& task, std::string_view message) {
  return step.txn.tasks().AddLog(task.id, step.now,
                                 base::Printable(message, 500));
}

absl::Status AddFailure(Step& step, const TaskRow& task, FailureRank rank,
                        std::string_view image,
                        const model::FailureInfo& failure) {
  model::TaskFailure entry{.image = base::Printable(image, 512),
                           .failure = failure};
  // An agent's words are bounded, as all that ends in a status.
  entry.failure.code = base::Printable(failure.code, 64);
  entry.failure.cause = base::Printable(failure.cause, 64);
  entry.failure.message = base::Printable(failure.message, 400);
  return step.txn.tasks().AddFailure(task.id, static_cast<int>(rank), entry);
}

absl::Status CountImage(Step& step, TaskRow& task, const store::ImageRow& image,
                        const std::string& reference,
                        const std::vector<model::Finding>& findings) {
  const model::TaskSpec& spec = task.spec;
  model::VulnerabilityCounts& counts = task.status.vulnerabilities;
  if (spec.Wants(model::Category::kSystem)) {
    counts.system += image.vulnerabilities.system;
  }
  if (spec.Wants(model::Category::kApplication)) {
    counts.application += image.vulnerabilities.application;
  }
  MergeTop(findings, reference, spec, task.status.top);
  if (!image.no_advisory_data || !spec.Wants(model::Category::kSystem)) {
    return absl::OkStatus();
  }
  // Scanned, and its inventory is kept; but no finding means nothing here.
  return AddFailure(
      step, task, FailureRank::kNoAdvisoryData, reference,
      {.code = std::string(ToString(FailureCode::kNoAdvisoryData)),
       .cause = "",
       .message = image.message,
       .retryable = false});
}

absl::Status FinishItem(Step& step, TaskRow& task, ItemRow& item) {
  LANDWAITER_RETURN_IF_ERROR(CloseItem(step, item, ItemState::kDone));
  if (!IsScan(item)) ++task.done_listings;
  return Advance(step, task);
}

absl::Status FailItem(Step& step, TaskRow& task, ItemRow& item,
                      const model::FailureInfo& failure) {
  ++item.failures;
  LANDWAITER_RETURN_IF_ERROR(PauseRegistry(step, item, failure));
  const absl::Duration wait =
      std::max(failure.retry_after, BackOff(step.options, item));
  const bool again = failure.retryable &&
                     item.failures < step.options.max_failures &&
                     step.now + wait < task.status.deadline;
  if (!again) return FailForGood(step, task, item, failure);
  item.not_before = step.now + wait;
  LANDWAITER_RETURN_IF_ERROR(CloseItem(step, item, ItemState::kReady));
  return Log(step, task,
             StrCat(item.reference, ": ", failure.code, ": ", failure.message,
                    "; will be tried again"));
}

absl::Status Advance(Step& step, TaskRow& task) {
  step.TaskChanged(task);
  if (task.status.phase == TaskPhase::kPending ||
      task.status.phase == TaskPhase::kDiscovering) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool listing,
                                step.txn.items().HasOpen(task.id, true));
    if (!listing) {
      LANDWAITER_RETURN_IF_ERROR(Expand(step, task));
      task.status.phase = TaskPhase::kRunning;
    }
  }
  if (task.status.phase == TaskPhase::kRunning) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool open,
                                step.txn.items().HasOpen(task.id, false));
    if (!open) return Conclude(step, task);
  }
  return step.txn.tasks().Update(task);
}

absl::Status EndTask(Step& step, TaskRow& task, TaskPhase phase,
                     std::string message) {
  const model::FailureInfo late{
      .code = std::string(ToString(FailureCode::kDeadlineExceeded)),
      .cause = "",
      .message = "not scanned by the task's deadline",
      .retryable = true};
  LANDWAITER_RETURN_IF_ERROR(
      SkipItems(step, task, phase == TaskPhase::kTimedOut ? &late : nullptr,
                [](const ItemRow&) { return true; }));
  task.status.phase = phase;
  task.status.completion = step.now;
  task.status.message = std::move(message);
  LANDWAITER_RETURN_IF_ERROR(
      Log(step, task, StrCat("task ended: ", PhaseName(phase))));
  LANDWAITER_RETURN_IF_ERROR(step.txn.tasks().Update(task));
  step.TaskChanged(task);
  return ReleaseRegistries(step, task);
}

absl::Status SkipRegistry(Step& step, TaskRow& task, store::RowId registry) {
  return SkipItems(step, task, nullptr, [registry](const ItemRow& item) {
    return item.registry == registry;
  });
}

}  // namespace landwaiter::analyzer::queue
