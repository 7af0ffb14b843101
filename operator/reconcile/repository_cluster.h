#ifndef LANDWAITER_OPERATOR_RECONCILE_REPOSITORY_CLUSTER_H_
#define LANDWAITER_OPERATOR_RECONCILE_REPOSITORY_CLUSTER_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "operator/reconcile/cluster_status.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/status_writer.h"

namespace landwaiter::reconcile {

// Says whether a cluster can be used: it answers, it permits what the operator
// needs, and the configuration allows what it asks for. The operator's own
// cluster is asked here: again after 10 h if it can be used (ForgetProbe asks
// earlier), else after 30 s. One of another type gets a link (clusters.h),
// which asks by itself and wakes the object when something changed; a
// finalizer deletes what was made there.
class RepositoryClusterReconciler : public Reconciler {
 public:
  explicit RepositoryClusterReconciler(const Context* context);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

  // The cluster is asked again. Thread-safe.
  void ForgetProbe(const kube::ObjectKey& key);

 private:
  struct Probed {
    ClusterProbe probe;
    std::string what;  // uid and generation that it was made for
    absl::Time until;
  };
  struct Egress {
    std::vector<std::string> addresses;
    absl::Time asked = absl::InfinitePast();
    // Pods have run since the analyzer was asked last.
    bool stale = false;
  };

  absl::StatusOr<absl::Time> Finish(const kube::Json& object);
  void Gone(const kube::ObjectKey& key);
  ClusterFacts FactsOfOwn(const kube::Json& object, absl::Time& again);
  absl::StatusOr<ClusterFacts> FactsOfRemote(
      const kube::Json& object, const api::RepositoryCluster& cluster);
  Probed ProbeFor(const kube::Json& object,
                  const api::RepositoryCluster& cluster);
  // Adds what the analyzer saw, asking it at most once a minute.
  void AddEgress(const kube::Json& object, ClusterFacts& facts,
                 absl::Time& again);
  absl::Status CleanUp(const kube::Json& object);

  const Context& context_;
  StatusWriter writer_;
  absl::Mutex mutex_;
  std::map<kube::ObjectKey, Probed> probes_ ABSL_GUARDED_BY(mutex_);
  // The uids of objects with a link.
  std::map<kube::ObjectKey, std::string> linked_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Egress> egress_ ABSL_GUARDED_BY(mutex_);  // by uid
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_REPOSITORY_CLUSTER_H_
