#include "operator/reconcile/repository_cluster.h"

#include <algorithm>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/jobs/job_status.h"
#include "operator/reconcile/cluster_access.h"
#include "operator/reconcile/cluster_connection.h"
#include "operator/reconcile/finalizer.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

constexpr absl::Duration kProbeAgainWhenReady = absl::Hours(10);
constexpr absl::Duration kProbeAgainWhenNot = absl::Seconds(30);
constexpr absl::Duration kEgressEvery = absl::Minutes(1);

ScanPodCounts CountPods(const Context& context, const Cache& cache,
                        const std::string& cluster_uid) {
  ScanPodCounts counts;
  for (const std::string& ns : context.settings->scan_namespaces) {
    for (const kube::ObjectPtr& pod : cache.List(kube::kPods, ns)) {
      if (kube::LabelOf(*pod, api::kClusterUidLabel) != cluster_uid) continue;
      if (jobs::IsRunning(*pod)) ++counts.running;
      if (jobs::IsPending(*pod)) ++counts.pending;
    }
  }
  return counts;
}

}  // namespace

RepositoryClusterReconciler::RepositoryClusterReconciler(const Context* context)
    : context_(*context), writer_(context, &api::kRepositoryClusters) {}

void RepositoryClusterReconciler::ForgetProbe(const kube::ObjectKey& key) {
  std::string uid;
  {
    absl::MutexLock lock(&mutex_);
    probes_.erase(key);
    const auto it = linked_.find(key);
    if (it == linked_.end()) return;
    uid = it->second;
  }
  if (const auto link = context_.clusters->Find(uid)) link->ProbeSoon();
}

absl::StatusOr<absl::Time> RepositoryClusterReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object =
      context_.cache->Get(api::kRepositoryClusters, key);
  if (object == nullptr) {
    Gone(key);
    return absl::InfiniteFuture();
  }
  if (kube::IsBeingDeleted(*object)) return Finish(*object);
  const auto cluster = api::RepositoryCluster::Parse(*object);
  const bool remote = cluster.ok() && cluster->IsRemote();
  if (remote && !HasFinalizer(*object)) {
    LANDWAITER_RETURN_IF_ERROR(
        AddFinalizer(context_, api::kRepositoryClusters, *object));
    return absl::InfiniteFuture();  // its own update comes back here
  }
  ClusterFacts facts;
  absl::Time again = absl::InfiniteFuture();
  if (auto refusal = RefuseClusterSpec(cluster, *context_.settings)) {
    facts.refusal = std::move(refusal);
  } else if (remote) {
    LANDWAITER_ASSIGN_OR_RETURN(facts, FactsOfRemote(*object, *cluster));
  } else {
    facts = FactsOfOwn(*object, again);
  }
  AddEgress(*object, facts, again);
  const Json status =
      DecideClusterStatus(*object, facts, context_.clock->Now());
  LANDWAITER_ASSIGN_OR_RETURN(const absl::Time written,
                              writer_.Write(*object, status));
  if (facts.connector && !facts.connector->install_command.empty()) {
    again = std::min(again, facts.connector->token_expires);
  }
  return std::min(again, written);
}

ClusterFacts RepositoryClusterReconciler::FactsOfOwn(const Json& object,
                                                     absl::Time& again) {
  const auto cluster = api::RepositoryCluster::Parse(object);
  const Probed probed = ProbeFor(object, *cluster);
  again = probed.until;
  ClusterFacts facts;
  facts.probe = probed.probe;
  facts.pods = CountPods(context_, *context_.cache, cluster->uid);
  return facts;
}

absl::StatusOr<ClusterFacts> RepositoryClusterReconciler::FactsOfRemote(
    const Json& object, const api::RepositoryCluster& cluster) {
  ClusterFacts facts;
  if (cluster.connection_type == "Connector") {
    if (context_.enrolments == nullptr) {
      facts.refusal = ClusterRefusal{
          api::reason::kNotImplemented,
          "spec.connection.type: this operator serves no connectors"};
      return facts;
    }
    absl::StatusOr<ConnectorEnrolment> enrolment =
        context_.enrolments->Ensure(object);
    if (absl::IsFailedPrecondition(enrolment.status())) {
      facts.refusal = ClusterRefusal{api::reason::kConnectorNotConfigured,
                                     std::string(enrolment.status().message())};
      return facts;
    }
    LANDWAITER_RETURN_IF_ERROR(enrolment.status());
    facts.connector = *std::move(enrolment);
  }
  facts.refusal = Connect(context_, cluster);
  if (facts.refusal) return facts;
  {
    absl::MutexLock lock(&mutex_);
    linked_[kube::KeyOf(object)] = cluster.uid;
  }
  const auto link = context_.clusters->Find(cluster.uid);
  if (link == nullptr) return facts;
  facts.probe = link->probe();
  facts.synced = link->synced();
  facts.pods = CountPods(context_, link->cache(), cluster.uid);
  return facts;
}

RepositoryClusterReconciler::Probed RepositoryClusterReconciler::ProbeFor(
    const Json& object, const api::RepositoryCluster& cluster) {
  const Json* generation = kube::Find(object, {"metadata", "generation"});
  const std::string what = base::StrCat(kube::UidOf(object), "/",
                                        generation ? generation->dump() : "");
  const kube::ObjectKey key = kube::KeyOf(object);
  const absl::Time now = context_.clock->Now();
  {
    absl::MutexLock lock(&mutex_);
    const auto it = probes_.find(key);
    if (it != probes_.end() && it->second.what == what &&
        now < it->second.until) {
      return it->second;
    }
  }
  Probed probed;
  probed.what = what;
  probed.probe = ProbeCluster(
      *context_.kube, *ScanNamespaceOf(cluster, *context_.settings), false);
  const bool ready =
      probed.probe.reachable.ok() && probed.probe.missing.empty();
  probed.until = now + (ready ? kProbeAgainWhenReady : kProbeAgainWhenNot);
  absl::MutexLock lock(&mutex_);
  probes_[key] = probed;
  return probed;
}

void RepositoryClusterReconciler::AddEgress(const Json& object,
                                            ClusterFacts& facts,
                                            absl::Time& again) {
  const absl::Time now = context_.clock->Now();
  const std::string uid = kube::UidOf(object);
  const bool alive = facts.pods.running > 0 || facts.pods.pending > 0;
  absl::Time asked;
  {
    absl::MutexLock lock(&mutex_);
    Egress& known = egress_[uid];
    facts.egress_addresses = known.addresses;
    asked = known.asked;
    // Only pods can have come from somewhere new; the analyzer hears from them
    // a moment after we see them begin, and they may be gone by then.
    known.stale = known.stale || alive;
    if (!known.stale) return;
  }
  again = std::min(again, std::max(asked + kEgressEvery, now));
  if (now < asked + kEgressEvery) return;
  again = now + kEgressEvery;
  absl::StatusOr<std::vector<std::string>> seen =
      context_.analyzer->ListEgressAddresses(
          TenantOf(*context_.settings, kube::NamespaceOf(object)), uid);
  absl::MutexLock lock(&mutex_);
  Egress& known = egress_[uid];
  known.asked = now;
  // An analyzer that is away is told of elsewhere.
  if (!seen.ok()) return;
  known.stale = alive;
  known.addresses = *seen;
  facts.egress_addresses = *std::move(seen);
}

absl::StatusOr<absl::Time> RepositoryClusterReconciler::Finish(
    const Json& object) {
  if (!HasFinalizer(object)) {
    Gone(kube::KeyOf(object));
    return absl::InfiniteFuture();
  }
  return Finalize(context_, api::kRepositoryClusters, object,
                  [&] { return CleanUp(object); });
}

absl::Status RepositoryClusterReconciler::CleanUp(const Json& object) {
  const auto cluster = api::RepositoryCluster::Parse(object);
  if (!cluster.ok() || !cluster->IsRemote()) return absl::OkStatus();
  // After a restart the link is made for this alone.
  const std::optional<ClusterRefusal> refusal = Connect(context_, *cluster);
  if (!refusal) {
    absl::MutexLock lock(&mutex_);
    linked_[kube::KeyOf(object)] = cluster->uid;
  }
  // Nothing was ever made in one that was never reached.
  if (WasReached(object)) {
    if (refusal) return absl::FailedPreconditionError(refusal->message);
    LANDWAITER_RETURN_IF_ERROR(CleanUpCluster(context_, *cluster));
  }
  if (context_.enrolments == nullptr ||
      cluster->connection_type != "Connector") {
    return absl::OkStatus();
  }
  return context_.enrolments->Forget(cluster->uid);
}

void RepositoryClusterReconciler::Gone(const kube::ObjectKey& key) {
  std::string uid;
  {
    absl::MutexLock lock(&mutex_);
    probes_.erase(key);
    const auto it = linked_.find(key);
    if (it == linked_.end()) return;
    uid = it->second;
    linked_.erase(it);
    egress_.erase(uid);
  }
  context_.clusters->Unlink(uid);
}

}  // namespace landwaiter::reconcile
