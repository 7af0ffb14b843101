#include "operator/reconcile/cluster_status.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/reasons.h"
#include "operator/api/text.h"
#include "operator/reconcile/cluster_access.h"

namespace landwaiter::reconcile {
namespace {

using api::ConditionStatus;
using kube::Json;

constexpr size_t kMaxVersion = 64;
constexpr size_t kMaxAddress = 45;
constexpr size_t kMaxAddresses = 16;

void PutUnreachable(const ClusterProbe& probe, api::Conditions& conditions) {
  const std::string message(probe.reachable.message());
  // Nobody can mend that but the operator's administrator.
  if (base::FailureCauseOf(probe.reachable) == "BlockedAddress") {
    conditions.Set(api::kReachable, ConditionStatus::kFalse,
                   api::reason::kAddressRefused, message);
    conditions.SetStalled(api::reason::kAddressRefused, message);
    return;
  }
  conditions.Set(api::kReachable, ConditionStatus::kFalse,
                 api::reason::kUnreachable, message);
  conditions.SetRetrying(api::reason::kUnreachable, message);
}

void PutProbe(const ClusterProbe& probe, bool synced,
              api::Conditions& conditions, Json& status) {
  conditions.Set(api::kReachable, ConditionStatus::kTrue, api::reason::kRunning,
                 "The API server answers.");
  status["kubernetesVersion"] = api::Text(probe.version, kMaxVersion);
  status.erase("nodes");
  if (probe.nodes) status["nodes"] = *probe.nodes;
  if (!probe.missing.empty()) {
    status["missingPermissions"] = probe.missing;
    const std::string message = base::StrCat(
        "The operator may not ", absl::StrJoin(probe.missing, ", "), ".");
    conditions.Set(api::kPermitted, ConditionStatus::kFalse,
                   api::reason::kPermissionsMissing, message);
    conditions.SetStalled(api::reason::kPermissionsMissing, message);
    return;
  }
  conditions.Set(api::kPermitted, ConditionStatus::kTrue,
                 api::reason::kPermissionsComplete,
                 "The operator may do all that it needs to.");
  if (synced) {
    conditions.SetReady(api::reason::kRunning,
                        "Registries can use the cluster.");
  } else {
    conditions.SetReconciling(api::reason::kConnecting,
                              "The cluster's Jobs and pods are being listed.");
  }
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

// The new ones first, then those that the status has from before: the analyzer
// knows only what it saw since it started.
Json MergeAddresses(const std::vector<std::string>& seen, const Json* before) {
  Json merged = Json::array();
  const auto add = [&](const std::string& address) {
    const bool known =
        std::find(merged.begin(), merged.end(), address) != merged.end();
    if (address.empty() || address.size() > kMaxAddress || known) return;
    if (merged.size() < kMaxAddresses) merged.push_back(address);
  };
  for (const std::string& address : seen) add(address);
  if (before == nullptr || !before->is_array()) return merged;
  for (const Json& address : *before) {
    if (address.is_string()) add(address.get<std::string>());
  }
  return merged;
}

Json ConnectorStatus(const ConnectorEnrolment& enrolment) {
  Json json = {{"enrolled", enrolment.enrolled}};
  if (enrolment.install_command.empty()) return json;
  json["installCommand"] = enrolment.install_command;
  json["tokenExpires"] = kube::TimeText(enrolment.token_expires);
  return json;
}

// A cluster that nobody has installed the connector in waits for a person.
bool PutMissingConnector(const ConnectorEnrolment& enrolment,
                         api::Conditions& conditions) {
  if (enrolment.enrolled) return false;
  const bool expired = enrolment.install_command.empty();
  const std::string_view message =
      expired ? "The connector's token has run out unused; set the annotation "
                "landwaiter.dev/connector-token to a new value for another."
              : "The connector is not installed yet: run "
                "status.connector.installCommand against the far cluster.";
  conditions.Set(api::kReachable, ConditionStatus::kFalse,
                 api::reason::kConnectorNotInstalled, message);
  conditions.SetStalled(api::reason::kConnectorNotInstalled, message);
  return true;
}

}  // namespace

std::optional<ClusterRefusal> RefuseClusterSpec(
    const absl::StatusOr<api::RepositoryCluster>& cluster,
    const Settings& settings) {
  if (!cluster.ok()) {
    return ClusterRefusal{api::reason::kInvalidSpec,
                          std::string(cluster.status().message())};
  }
  if (const auto ns = ScanNamespaceOf(*cluster, settings); !ns.ok()) {
    return ClusterRefusal{api::reason::kNamespaceNotAllowed,
                          std::string(ns.status().message())};
  }
  if (const auto status = CheckPodTemplate(*cluster, settings); !status.ok()) {
    return ClusterRefusal{api::reason::kPriorityClassNotAllowed,
                          std::string(status.message())};
  }
  return std::nullopt;
}

Json DecideClusterStatus(const Json& object, const ClusterFacts& facts,
                         absl::Time now) {
  api::Conditions conditions(object, now);
  Json status = Json::object();
  // What was known stays known while the cluster is away.
  for (const char* field : {"kubernetesVersion", "nodes"}) {
    const Json* before = kube::Find(object, {"status", field});
    if (before != nullptr) status[field] = *before;
  }
  if (facts.refusal) {
    conditions.Remove(api::kReachable);
    conditions.Remove(api::kPermitted);
    conditions.SetStalled(facts.refusal->reason, facts.refusal->message);
  } else if (facts.connector &&
             PutMissingConnector(*facts.connector, conditions)) {
    conditions.Remove(api::kPermitted);
  } else if (!facts.probe) {
    conditions.SetReconciling(api::reason::kConnecting,
                              "The cluster is being asked.");
  } else if (!facts.probe->reachable.ok()) {
    PutUnreachable(*facts.probe, conditions);
  } else {
    PutProbe(*facts.probe, facts.synced, conditions, status);
  }
  status["phase"] = std::string(PhaseOf(conditions));
  status["scanPods"] = {{"running", facts.pods.running},
                        {"pending", facts.pods.pending}};
  Json addresses =
      MergeAddresses(facts.egress_addresses,
                     kube::Find(object, {"status", "egressAddresses"}));
  if (!addresses.empty()) status["egressAddresses"] = std::move(addresses);
  if (facts.connector) status["connector"] = ConnectorStatus(*facts.connector);
  status["conditions"] = conditions.ToJson();
  return status;
}

}  // namespace landwaiter::reconcile
