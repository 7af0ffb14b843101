#ifndef LANDWAITER_OPERATOR_RECONCILE_SCAN_PODS_H_
#define LANDWAITER_OPERATOR_RECONCILE_SCAN_PODS_H_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/model/task.h"
#include "operator/api/image_registry.h"
#include "operator/api/repository_cluster.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// How many scan pods a registry should have: pure decisions.

// One scan Job that is there. Slots are 0 to maxPods - 1; a slot's Job has a
// name of its own, so however old the cache is, there is never more than one.
struct ScanJob {
  kube::ObjectPtr job;
  int slot = 0;
  bool finished = false;
  bool succeeded = false;
  bool suspended = false;  // its start was cut short
  absl::Time finished_at;
};

struct ScanPodsInput {
  model::RegistryWork work;
  int max_pods = 4;
  int others = 0;  // active Jobs of other registries on the same cluster
  // False while the registry or its cluster cannot be used.
  bool usable = true;
  std::vector<ScanJob> jobs;
  int failures = 0;  // Jobs in a row that failed
};

struct ScanPodsPlan {
  std::vector<kube::ObjectPtr> remove;
  std::vector<int> start;  // slots; also those to go on starting
  absl::Time again = absl::InfiniteFuture();
};

// A pod for each 10 items, within maxPods of the cluster. A Job that failed is
// kept, for people to look at, until its slot may be tried again: at once after
// the first failure, then after 2, 4, 8 ... 300 s.
ScanPodsPlan PlanScanPods(const ScanPodsInput& input, absl::Time now);

// Keeps as many scan pods running for a registry as its work needs. Keyed by
// the ImageRegistry.
class ScanPodsReconciler : public Reconciler {
 public:
  // `on_forbidden` hears of a cluster that refused what its status says is
  // permitted.
  ScanPodsReconciler(
      const Context* context,
      std::function<void(const kube::ObjectKey& cluster)> on_forbidden);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

 private:
  struct Failures {
    int in_a_row = 0;
    std::set<std::string> counted;  // uids of those still there
  };
  ScanPodsInput Gather(const kube::Json& object,
                       const api::ImageRegistry& registry,
                       const api::RepositoryCluster* cluster);
  int NoteEnds(const kube::Json& object, const std::string& uid,
               const std::vector<ScanJob>& jobs);
  void TellFailure(const kube::Json& registry, const ScanJob& job);
  absl::Status Start(const kube::Json& object,
                     const api::ImageRegistry& registry,
                     const api::RepositoryCluster& cluster, int slot);

  const Context& context_;
  const std::function<void(const kube::ObjectKey&)> on_forbidden_;
  absl::Mutex mutex_;
  std::map<std::string, Failures> failures_ ABSL_GUARDED_BY(mutex_);  // by uid
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_SCAN_PODS_H_
