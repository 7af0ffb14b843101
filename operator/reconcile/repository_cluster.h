#ifndef LANDWAITER_OPERATOR_RECONCILE_REPOSITORY_CLUSTER_H_
#define LANDWAITER_OPERATOR_RECONCILE_REPOSITORY_CLUSTER_H_

#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "operator/reconcile/cluster_access.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/status_writer.h"

namespace landwaiter::reconcile {

struct ScanPodCounts {
  int64_t running = 0;
  int64_t pending = 0;
};

// The status that a RepositoryCluster should have, given what is known.
kube::Json DecideClusterStatus(const kube::Json& object,
                               const Settings& settings,
                               const std::optional<ClusterProbe>& probe,
                               ScanPodCounts pods, absl::Time now);

// Says whether a cluster can be used: it answers, it permits what the operator
// needs, and the configuration allows what it asks for. A cluster that can be
// used is asked again after 10 h (RecheckSoon asks earlier), one that cannot
// after 30 s.
class RepositoryClusterReconciler : public Reconciler {
 public:
  explicit RepositoryClusterReconciler(const Context* context);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

  // The next Reconcile asks the cluster again. Thread-safe.
  void ForgetProbe(const kube::ObjectKey& key);

 private:
  struct Probed {
    ClusterProbe probe;
    std::string what;  // uid and generation that it was made for
    absl::Time until;
  };
  std::optional<Probed> ProbeFor(const kube::Json& object);
  ScanPodCounts CountPods(const std::string& cluster_uid) const;

  const Context& context_;
  StatusWriter writer_;
  absl::Mutex mutex_;
  std::map<kube::ObjectKey, Probed> probes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_REPOSITORY_CLUSTER_H_
