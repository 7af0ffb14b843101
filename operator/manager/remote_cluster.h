#ifndef LANDWAITER_OPERATOR_MANAGER_REMOTE_CLUSTER_H_
#define LANDWAITER_OPERATOR_MANAGER_REMOTE_CLUSTER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "operator/kube/backoff.h"
#include "operator/kube/breaker_client.h"
#include "operator/kube/informer.h"
#include "operator/manager/informer_cache.h"
#include "operator/reconcile/clusters.h"

namespace landwaiter::manager {

// A client of another cluster.
struct RemoteClient {
  std::shared_ptr<kube::KubeClient> kube;
  // Makes its calls fail soon, now and later; empty: they never take long.
  std::function<void()> stop;
};

// A cluster that is not the operator's own: its client, its Jobs and pods, and
// what is known of it. It owns no thread: someone drives its informers, each
// with client(), and calls Step.
class RemoteCluster : public reconcile::ClusterLink {
 public:
  struct Callbacks {
    // What probe() or synced() say has changed.
    std::function<void()> on_change;
    // A Job or a pod was added, changed or deleted.
    std::function<void(const kube::Json&)> on_object;
  };

  // `clock` outlives it.
  RemoteCluster(reconcile::LinkSpec spec, RemoteClient client,
                base::Clock* clock, Callbacks callbacks, uint64_t seed);
  ~RemoteCluster() override;

  kube::KubeClient& kube() override { return guarded_; }
  const reconcile::Cache& cache() const override { return cache_; }
  std::optional<reconcile::ClusterProbe> probe() const override;
  bool synced() const override { return cache_.HasSynced(); }
  void ProbeSoon() override;

  const reconcile::LinkSpec& spec() const { return spec_; }
  kube::KubeClient* client() { return client_.kube.get(); }
  std::vector<kube::Informer*> informers() { return cache_.informers(); }
  // Asks the cluster what is due: whether it is there, every 15 s, and every
  // 10 h, or after ProbeSoon, for everything; with back-off while it is away.
  // Returns when to call again (sooner does no harm). One thread at a time.
  absl::Time Step();
  // What waits for the cluster ends soon; for before the drivers are joined.
  void Stop();

 private:
  bool WholeProbeIsDue(absl::Time now);
  bool Hurries() const;
  void ProbeWhole();
  void CheckAlive();
  void Know(reconcile::ClusterProbe probe);
  void TellChange();

  const reconcile::LinkSpec spec_;
  const RemoteClient client_;
  base::Clock* const clock_;
  const Callbacks callbacks_;
  kube::BreakerClient guarded_;
  InformerCache cache_;
  kube::Backoff backoff_;
  absl::Time next_ = absl::InfinitePast();
  absl::Time whole_probe_ = absl::InfinitePast();
  std::optional<reconcile::ClusterProbe> told_;
  bool told_synced_ = false;

  mutable absl::Mutex mutex_;
  std::optional<reconcile::ClusterProbe> probe_ ABSL_GUARDED_BY(mutex_);
  bool probe_soon_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace landwaiter::manager

#endif  // LANDWAITER_OPERATOR_MANAGER_REMOTE_CLUSTER_H_
