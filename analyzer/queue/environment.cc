#include "analyzer/queue/environment.h"

#include "core/base/failure.h"

namespace landwaiter::analyzer::queue {

using model::Change;

void Step::TaskChanged(const store::TaskRow& task) {
  changes.insert({Change::Kind::kTask, task.tenant, task.spec.uid});
}

void Step::RegistryChanged(const store::RegistryRow& registry) {
  changes.insert({Change::Kind::kRegistry, registry.tenant, registry.spec.uid});
}

void Step::WorkChanged(const store::RegistryRow& registry) {
  changes.insert({Change::Kind::kWork, registry.tenant, registry.spec.uid});
}

absl::Status Commit(Environment& environment, store::Durability durability,
                    absl::FunctionRef<absl::Status(Step&)> step) {
  std::set<Change> changes;
  LANDWAITER_RETURN_IF_ERROR(
      environment.store.Write(durability, [&](store::Transaction& txn) {
        // Inside the transaction: what is decided by this time is not older
        // than what the transaction reads.
        Step current{.txn = txn,
                     .now = environment.clock.Now(),
                     .epoch = environment.store.epoch(),
                     .options = environment.options};
        LANDWAITER_RETURN_IF_ERROR(step(current));
        changes = std::move(current.changes);
        return environment.failpoints.Hit(base::kAnalyzerBeforeCommit);
      }));
  for (const Change& change : changes) environment.observer.OnChange(change);
  return environment.failpoints.Hit(base::kAnalyzerCommitted);
}

}  // namespace landwaiter::analyzer::queue
