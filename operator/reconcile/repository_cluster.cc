#include "operator/reconcile/repository_cluster.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_join.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/text.h"
#include "operator/jobs/job_status.h"

namespace landwaiter::reconcile {
namespace {

using api::ConditionStatus;
using kube::Json;

constexpr absl::Duration kProbeAgainWhenReady = absl::Hours(10);
constexpr absl::Duration kProbeAgainWhenNot = absl::Seconds(30);
constexpr size_t kMaxVersion = 64;

// Why the spec cannot be acted on, whatever the cluster says.
struct Refusal {
  std::string_view reason;
  std::string message;
};

std::optional<Refusal> RefuseSpec(
    const absl::StatusOr<api::RepositoryCluster>& cluster,
    const Settings& settings) {
  if (!cluster.ok()) {
    return Refusal{api::reason::kInvalidSpec,
                   std::string(cluster.status().message())};
  }
  if (cluster->connection_type != "Local") {
    return Refusal{api::reason::kNotImplemented,
                   base::StrCat("spec.connection.type: clusters of type ",
                                cluster->connection_type,
                                " are not built yet; use Local")};
  }
  if (const auto ns = ScanNamespaceOf(*cluster, settings); !ns.ok()) {
    return Refusal{api::reason::kNamespaceNotAllowed,
                   std::string(ns.status().message())};
  }
  if (const auto status = CheckPodTemplate(*cluster, settings); !status.ok()) {
    return Refusal{api::reason::kPriorityClassNotAllowed,
                   std::string(status.message())};
  }
  return std::nullopt;
}

void PutProbe(const ClusterProbe& probe, api::Conditions& conditions,
              Json& status) {
  if (!probe.reachable.ok()) {
    const std::string message(probe.reachable.message());
    conditions.Set(api::kReachable, ConditionStatus::kFalse,
                   api::reason::kUnreachable, message);
    conditions.SetRetrying(api::reason::kUnreachable, message);
    return;
  }
  conditions.Set(api::kReachable, ConditionStatus::kTrue, api::reason::kRunning,
                 "The API server answers.");
  status["kubernetesVersion"] = api::Text(probe.version, kMaxVersion);
  if (probe.nodes) status["nodes"] = *probe.nodes;
  if (probe.missing.empty()) {
    conditions.Set(api::kPermitted, ConditionStatus::kTrue,
                   api::reason::kPermissionsComplete,
                   "The operator may do all that it needs to.");
    conditions.SetReady(api::reason::kRunning,
                        "Registries can use the cluster.");
    return;
  }
  status["missingPermissions"] = probe.missing;
  const std::string message = base::StrCat(
      "The operator may not ", absl::StrJoin(probe.missing, ", "), ".");
  conditions.Set(api::kPermitted, ConditionStatus::kFalse,
                 api::reason::kPermissionsMissing, message);
  conditions.SetStalled(api::reason::kPermissionsMissing, message);
}

std::string_view PhaseOf(const api::Conditions& conditions) {
  const api::Condition* ready = conditions.Find(api::kReady);
  switch (ready->status) {
    case ConditionStatus::kTrue:
      return "Running";
    case ConditionStatus::kUnknown:
      return "Connecting";
    case ConditionStatus::kFalse:
      return "NotReady";
  }
  return "NotReady";
}

}  // namespace

Json DecideClusterStatus(const Json& object, const Settings& settings,
                         const std::optional<ClusterProbe>& probe,
                         ScanPodCounts pods, absl::Time now) {
  api::Conditions conditions(object, now);
  Json status = Json::object();
  const auto cluster = api::RepositoryCluster::Parse(object);
  if (const auto refusal = RefuseSpec(cluster, settings)) {
    conditions.Remove(api::kReachable);
    conditions.Remove(api::kPermitted);
    conditions.SetStalled(refusal->reason, refusal->message);
  } else if (!probe) {
    conditions.SetReconciling(api::reason::kConnecting,
                              "The cluster is being asked.");
  } else {
    PutProbe(*probe, conditions, status);
  }
  status["phase"] = std::string(PhaseOf(conditions));
  status["scanPods"] = {{"running", pods.running}, {"pending", pods.pending}};
  status["conditions"] = conditions.ToJson();
  return status;
}

RepositoryClusterReconciler::RepositoryClusterReconciler(const Context* context)
    : context_(*context), writer_(context, &api::kRepositoryClusters) {}

void RepositoryClusterReconciler::ForgetProbe(const kube::ObjectKey& key) {
  absl::MutexLock lock(&mutex_);
  probes_.erase(key);
}

absl::StatusOr<absl::Time> RepositoryClusterReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object =
      context_.cache->Get(api::kRepositoryClusters, key);
  if (object == nullptr || kube::IsBeingDeleted(*object)) {
    ForgetProbe(key);
    return absl::InfiniteFuture();
  }
  const std::optional<Probed> probed = ProbeFor(*object);
  const Json status = DecideClusterStatus(
      *object, *context_.settings,
      probed ? std::optional<ClusterProbe>(probed->probe) : std::nullopt,
      CountPods(kube::UidOf(*object)), context_.clock->Now());
  LANDWAITER_ASSIGN_OR_RETURN(const absl::Time again,
                              writer_.Write(*object, status));
  return std::min(again, probed ? probed->until : absl::InfiniteFuture());
}

std::optional<RepositoryClusterReconciler::Probed>
RepositoryClusterReconciler::ProbeFor(const Json& object) {
  const auto cluster = api::RepositoryCluster::Parse(object);
  if (RefuseSpec(cluster, *context_.settings)) return std::nullopt;
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
  probed.probe = ProbeCluster(*context_.kube,
                              *ScanNamespaceOf(*cluster, *context_.settings));
  const bool ready =
      probed.probe.reachable.ok() && probed.probe.missing.empty();
  probed.until = now + (ready ? kProbeAgainWhenReady : kProbeAgainWhenNot);
  absl::MutexLock lock(&mutex_);
  probes_[key] = probed;
  return probed;
}

ScanPodCounts RepositoryClusterReconciler::CountPods(
    const std::string& cluster_uid) const {
  ScanPodCounts counts;
  for (const std::string& ns : context_.settings->scan_namespaces) {
    for (const kube::ObjectPtr& pod : context_.cache->List(kube::kPods, ns)) {
      if (kube::LabelOf(*pod, api::kClusterUidLabel) != cluster_uid) continue;
      if (jobs::IsRunning(*pod)) ++counts.running;
      if (jobs::IsPending(*pod)) ++counts.pending;
    }
  }
  return counts;
}

}  // namespace landwaiter::reconcile
