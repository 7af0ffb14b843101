#ifndef LANDWAITER_OPERATOR_RECONCILE_REGISTRY_SYNC_H_
#define LANDWAITER_OPERATOR_RECONCILE_REGISTRY_SYNC_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/model/task.h"
#include "operator/api/conditions.h"
#include "operator/api/image_registry.h"
#include "operator/kube/object.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// When a registry is listed again: pure decisions.

struct SyncPlan {
  absl::Time next;     // when the next listing is due
  bool start = false;  // it is due now, and none is under way
  std::string name;    // of the ScanTask to make then
};

// The ScanTasks that the registry owns.
std::vector<kube::ObjectPtr> TasksOf(const Context& context,
                                     const api::ImageRegistry& registry);

// When the newest listing among `tasks` that has ended did so with a failure
// that may be the connection's: of the network, or of the account. InfinitePast
// if it had none.
absl::Time ListingFailedAt(const std::vector<kube::ObjectPtr>& tasks);

// A listing is due an interval after the last complete one, or after the last
// that was tried; at once if there was none, or if the last one failed for the
// connection and that was tried since, at `connected`, and found good.
SyncPlan PlanSync(const api::ImageRegistry& registry, absl::Time last_sync,
                  absl::Time connected,
                  const std::vector<kube::ObjectPtr>& tasks, absl::Time now);

// Puts what the analyzer knows of a registry into its status.
void PutRegistryStatus(const model::RegistryStatus& registry,
                       uint32_t images_per_hour, kube::Json& status);

// Puts how far the newest listing among `tasks` is into status.sync.
void PutSyncProgress(const std::vector<kube::ObjectPtr>& tasks,
                     kube::Json& status);

// The condition Synced.
void PutSynced(absl::Time last_sync, absl::Duration interval, absl::Time now,
               api::Conditions& conditions);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_REGISTRY_SYNC_H_
