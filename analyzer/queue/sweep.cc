#include "analyzer/queue/sweep.h"

#include "analyzer/queue/progress.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::queue {
namespace {

// Of each kind, in one step; the next call goes on.
constexpr size_t kBatch = 200;

absl::Status Lose(Step& step, store::ItemRow item) {
  LANDWAITER_ASSIGN_OR_RETURN(store::TaskRow task,
                              step.txn.tasks().Get(item.task));
  ++item.losses;
  if (item.losses >= step.options.max_losses) {
    // Not tried again by the queue: whatever kills its agents would do so.
    return FailItem(
        step, task, item,
        {.code = std::string(ToString(base::FailureCode::kInternal)),
         .cause = "LeaseLost",
         .message =
             base::StrCat("its agents were lost ", item.losses, " times"),
         .retryable = false});
  }
  item.state = store::ItemState::kReady;
  LANDWAITER_RETURN_IF_ERROR(step.txn.items().Update(item));
  LANDWAITER_RETURN_IF_ERROR(step.txn.layers().ReleaseClaims(item.id));
  LANDWAITER_ASSIGN_OR_RETURN(const store::RegistryRow registry,
                              step.txn.registries().Get(item.registry));
  step.WorkChanged(registry);
  return Log(step, task, base::StrCat(item.reference, ": its agent was lost"));
}

}  // namespace

absl::Status Sweep(Step& step) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::RowId> overdue,
                              step.txn.tasks().Overdue(step.now, kBatch));
  for (const store::RowId id : overdue) {
    LANDWAITER_ASSIGN_OR_RETURN(store::TaskRow task, step.txn.tasks().Get(id));
    LANDWAITER_RETURN_IF_ERROR(EndTask(step, task, model::TaskPhase::kTimedOut,
                                       "the task's time is over"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::ItemRow> expired,
                              step.txn.items().Expired(step.now, kBatch));
  for (const store::ItemRow& item : expired) {
    LANDWAITER_RETURN_IF_ERROR(Lose(step, item));
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::analyzer::queue
