#include "operator/manager/remote_cluster.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/reconcile/cluster_access.h"
#include "operator/reconcile/cluster_connection.h"

namespace landwaiter::manager {
namespace {

constexpr absl::Duration kAliveEvery = absl::Seconds(15);
constexpr absl::Duration kWholeEvery = absl::Hours(10);
constexpr absl::Duration kSyncPoll = absl::Milliseconds(500);
constexpr kube::Backoff::Options kAwayDelays{.first = absl::Seconds(2),
                                             .greatest = absl::Seconds(60),
                                             .reset = absl::Minutes(5)};

bool SameProbe(const reconcile::ClusterProbe& a,
               const reconcile::ClusterProbe& b) {
  return a.reachable == b.reachable && a.version == b.version &&
         a.nodes == b.nodes && a.missing == b.missing;
}

}  // namespace

RemoteCluster::RemoteCluster(reconcile::LinkSpec spec, RemoteClient client,
                             base::Clock* clock, Callbacks callbacks,
                             uint64_t seed)
    : spec_(std::move(spec)),
      client_(std::move(client)),
      clock_(clock),
      callbacks_(std::move(callbacks)),
      guarded_(client_.kube.get()),
      backoff_(kAwayDelays, seed) {
  const auto on_object = callbacks_.on_object;
  for (const kube::ResourceType* type : {&kube::kJobs, &kube::kPods}) {
    kube::Reflector::Options options{.type = *type, .ns = spec_.scan_namespace};
    options.label_selector =
        base::StrCat(api::kManagedByLabel, "=", api::kManagedBy, ",",
                     api::kClusterUidLabel, "=", spec_.uid);
    cache_.Add(std::move(options), ++seed)
        .AddHandler(
            {.on_add = [on_object](const kube::ObjectPtr& o) { on_object(*o); },
             .on_update = [on_object](
                              const kube::ObjectPtr&,
                              const kube::ObjectPtr& o) { on_object(*o); },
             .on_delete =
                 [on_object](const kube::ObjectPtr& o) { on_object(*o); }});
  }
}

RemoteCluster::~RemoteCluster() = default;

std::optional<reconcile::ClusterProbe> RemoteCluster::probe() const {
  absl::MutexLock lock(&mutex_);
  // What a call has met is newer than what was asked.
  if (probe_ && probe_->reachable.ok()) {
    if (absl::Status state = guarded_.state(); !state.ok()) {
      reconcile::ClusterProbe away = *probe_;
      away.reachable = std::move(state);
      return away;
    }
  }
  return probe_;
}

void RemoteCluster::ProbeSoon() {
  absl::MutexLock lock(&mutex_);
  probe_soon_ = true;
}

void RemoteCluster::Stop() {
  if (client_.stop) client_.stop();
}

bool RemoteCluster::WholeProbeIsDue(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const bool asked = std::exchange(probe_soon_, false);
  return asked || !probe_ || !probe_->reachable.ok() ||
         !probe_->missing.empty() || now >= whole_probe_;
}

absl::Time RemoteCluster::Step() {
  const absl::Time now = clock_->Now();
  if (now >= next_ || Hurries()) {
    if (WholeProbeIsDue(now)) {
      ProbeWhole();
    } else {
      CheckAlive();
    }
    const absl::Time after = clock_->Now();
    next_ =
        after + (guarded_.state().ok() ? kAliveEvery : backoff_.Next(after));
  }
  TellChange();
  return told_synced_ ? next_ : std::min(next_, clock_->Now() + kSyncPoll);
}

// Somebody asked, or a call has just found the cluster away.
bool RemoteCluster::Hurries() const {
  absl::MutexLock lock(&mutex_);
  return probe_soon_ ||
         (probe_ && probe_->reachable.ok() && !guarded_.state().ok());
}

void RemoteCluster::ProbeWhole() {
  reconcile::ClusterProbe probe = reconcile::ProbeCluster(
      *client_.kube, spec_.scan_namespace, /*remote=*/true);
  if (probe.reachable.ok() && probe.missing.empty()) {
    probe.reachable = base::WithContext(
        reconcile::PrepareCluster(*client_.kube, spec_), "preparing it");
  }
  whole_probe_ = clock_->Now() + kWholeEvery;
  Know(std::move(probe));
}

void RemoteCluster::CheckAlive() {
  reconcile::ClusterProbe probe;
  {
    absl::MutexLock lock(&mutex_);
    probe = *probe_;
  }
  probe.reachable = client_.kube->GetRaw("/version").status();
  Know(std::move(probe));
}

void RemoteCluster::Know(reconcile::ClusterProbe probe) {
  guarded_.SetState(probe.reachable.ok() ? absl::OkStatus()
                                         : kube::Away(probe.reachable));
  absl::MutexLock lock(&mutex_);
  probe_ = std::move(probe);
}

void RemoteCluster::TellChange() {
  const std::optional<reconcile::ClusterProbe> now = probe();
  const bool is_synced = synced();
  const bool same = told_synced_ == is_synced && told_.has_value() &&
                    now.has_value() && SameProbe(*told_, *now);
  if (same) return;
  told_synced_ = is_synced;
  told_ = now;
  callbacks_.on_change();
}

}  // namespace landwaiter::manager
