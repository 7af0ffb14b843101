#ifndef LANDWAITER_ANALYZER_QUEUE_ENVIRONMENT_H_
#define LANDWAITER_ANALYZER_QUEUE_ENVIRONMENT_H_

#include <cstdint>
#include <set>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "analyzer/queue/analysis.h"
#include "analyzer/queue/change_feed.h"
#include "analyzer/store/store.h"
#include "core/base/clock.h"
#include "core/base/failpoint.h"

namespace landwaiter::analyzer::queue {

struct QueueOptions {
  absl::Duration lease = absl::Seconds(60);
  // Tries of an item that fails in a way which may pass.
  uint32_t max_failures = 3;
  // Leases of an item that run out (its agents die) before it is given up.
  uint32_t max_losses = 10;
  // Wait before try n + 1: base * 2^(n-1), at most `max`, minus up to half.
  absl::Duration retry_base = absl::Seconds(5);
  absl::Duration retry_max = absl::Minutes(5);
  uint64_t jitter_seed = 0;
  // An agent that waits for another's layer asks again after this time.
  absl::Duration plan_poll = absl::Seconds(2);
  // A registry's tokens are refused this long after its last task ended.
  absl::Duration token_grace = absl::Minutes(2);
  absl::Duration budget_window = absl::Minutes(60);
};

// What the queue works with; all outlive it.
struct Environment {
  store::Store& store;
  base::Clock& clock;  // decides when leases, tasks and charges expire
  // Hit inside a transaction (kAnalyzerBeforeCommit): must not block.
  base::Failpoints& failpoints;
  ChangeObserver& observer;
  Detector& detector;
  QueueOptions options;
};

// One transaction of the queue.
struct Step {
  store::Transaction& txn;
  absl::Time now;
  uint64_t epoch;
  const QueueOptions& options;
  std::set<model::Change> changes;  // told to the observer after the commit

  void TaskChanged(const store::TaskRow& task);
  void RegistryChanged(const store::RegistryRow& registry);
  void WorkChanged(const store::RegistryRow& registry);
};

// Runs `step` in a transaction, between the failpoints; then tells of the
// changes. An injected error after the commit is returned although the
// transaction stands, as when an answer is lost.
absl::Status Commit(Environment& environment, store::Durability durability,
                    absl::FunctionRef<absl::Status(Step&)> step);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_ENVIRONMENT_H_
