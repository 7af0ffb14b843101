#include "operator/reconcile/cluster_connection.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/reconcile/cluster_access.h"
#include "operator/reconcile/job_runner.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;
namespace reason = api::reason;

// Of this RepositoryCluster alone: several may share the far namespace.
std::string PolicyName(const std::string& cluster_uid) {
  return base::StrCat("landwaiter-scan-pods-",
                      base::Sha256Hex(cluster_uid).substr(0, 8));
}

std::optional<ClusterRefusal> ReadKubeconfig(
    const Context& context, const api::RepositoryCluster& cluster,
    std::string& kubeconfig) {
  const std::string& name = cluster.kubeconfig_secret;
  const kube::ObjectPtr secret =
      context.cache->Get(kube::kSecrets, {cluster.ns, name});
  if (secret == nullptr) {
    return ClusterRefusal{
        reason::kSecretNotFound,
        base::StrCat(
            "spec.connection.kubeconfig.secretRef: there is no Secret ", name)};
  }
  const std::string encoded =
      kube::StringAt(*secret, {"data", cluster.kubeconfig_key});
  if (encoded.empty() || !absl::Base64Unescape(encoded, &kubeconfig) ||
      kubeconfig.empty()) {
    return ClusterRefusal{
        reason::kSecretInvalid,
        base::StrCat("spec.connection.kubeconfig.secretRef: Secret ", name,
                     " has no key ", cluster.kubeconfig_key)};
  }
  return std::nullopt;
}

std::string_view ReasonOf(const absl::Status& status) {
  return absl::IsUnimplemented(status) ? reason::kNotImplemented
                                       : reason::kKubeconfigRefused;
}

}  // namespace

std::optional<ClusterRefusal> Connect(const Context& context,
                                      const api::RepositoryCluster& cluster) {
  if (context.clusters == nullptr) {
    return ClusterRefusal{reason::kNotImplemented,
                          "spec.connection.type: this operator has only Local"};
  }
  LinkSpec spec;
  spec.uid = cluster.uid;
  spec.key = {cluster.ns, cluster.name};
  spec.type = cluster.connection_type;
  const absl::StatusOr<std::string> ns =
      ScanNamespaceOf(cluster, *context.settings);
  if (!ns.ok()) {
    return ClusterRefusal{reason::kNamespaceNotAllowed,
                          std::string(ns.status().message())};
  }
  spec.scan_namespace = *ns;
  if (cluster.connection_type == "Kubeconfig") {
    if (auto refusal = ReadKubeconfig(context, cluster, spec.kubeconfig)) {
      context.clusters->Unlink(cluster.uid);
      return refusal;
    }
  }
  const absl::Status linked = context.clusters->Link(spec);
  if (linked.ok()) return std::nullopt;
  return ClusterRefusal{ReasonOf(linked), std::string(linked.message())};
}

absl::Status CleanUpCluster(const Context& context,
                            const api::RepositoryCluster& cluster) {
  LANDWAITER_ASSIGN_OR_RETURN(const ClusterAccess access,
                              AccessTo(context, cluster));
  for (const kube::ObjectPtr& job : JobsIn(context, cluster.uid)) {
    LANDWAITER_RETURN_IF_ERROR(DeleteJob(context, *job));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::string ns,
                              ScanNamespaceOf(cluster, *context.settings));
  const absl::Status deleted = access.kube->Delete(
      kube::kNetworkPolicies, {ns, PolicyName(cluster.uid)}, {});
  return absl::IsNotFound(deleted) ? absl::OkStatus() : deleted;
}

absl::Status PrepareCluster(kube::KubeClient& kube, const LinkSpec& link) {
  const Json labels = {
      {std::string(api::kNameLabel), "landwaiter"},
      {std::string(api::kManagedByLabel), std::string(api::kManagedBy)},
      {std::string(api::kClusterUidLabel), link.uid}};
  const Json policy = {
      {"metadata",
       {{"name", PolicyName(link.uid)},
        {"namespace", link.scan_namespace},
        {"labels", labels}}},
      {"spec",
       {{"podSelector",
         {{"matchLabels", {{std::string(api::kClusterUidLabel), link.uid}}}}},
        {"policyTypes", Json::array({"Ingress"})}}}};
  return kube::Apply(kube, kube::kNetworkPolicies, policy, api::kManagedBy)
      .status();
}

}  // namespace landwaiter::reconcile
