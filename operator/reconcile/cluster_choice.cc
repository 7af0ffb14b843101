#include "operator/reconcile/cluster_choice.h"

#include <utility>

#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/reconcile/cluster_access.h"

namespace landwaiter::reconcile {

using kube::Json;

ClusterChoice ChooseCluster(const Context& context, const std::string& ns,
                            const std::string& name) {
  const kube::ObjectPtr object =
      context.cache->Get(api::kRepositoryClusters, {ns, name});
  if (object == nullptr) {
    return {.problem = api::reason::kClusterNotFound,
            .message = base::StrCat(
                "spec.clusterRef: there is no RepositoryCluster ", name)};
  }
  // Its clean-up would miss a Job that is started now.
  if (kube::IsBeingDeleted(*object)) {
    return {.problem = api::reason::kClusterNotRunning,
            .message =
                base::StrCat("RepositoryCluster ", name, " is being deleted")};
  }
  if (!api::HasTrueCondition(*object, api::kReady)) {
    return {
        .problem = api::reason::kClusterNotRunning,
        .message = base::StrCat("RepositoryCluster ", name, " is not running")};
  }
  auto cluster = api::RepositoryCluster::Parse(*object);
  auto scan_namespace = cluster.ok()
                            ? ScanNamespaceOf(*cluster, *context.settings)
                            : absl::StatusOr<std::string>(cluster.status());
  if (!scan_namespace.ok()) {
    return {.problem = api::reason::kClusterNotRunning,
            .message = std::string(scan_namespace.status().message())};
  }
  ClusterChoice choice;
  choice.cluster = *std::move(cluster);
  choice.scan_namespace = *std::move(scan_namespace);
  return choice;
}

std::string FarClusterOf(const Cache& cache, const kube::ResourceType& type,
                         const kube::ObjectKey& key) {
  kube::ObjectKey cluster = key;
  if (type.kind != api::kRepositoryClusters.kind) {
    const kube::ObjectPtr object = cache.Get(type, key);
    if (object == nullptr) return "";
    const Json* spec = type.kind == api::kRegistryAccounts.kind
                           ? kube::Find(*object, {"spec", "template"})
                           : kube::Find(*object, {"spec"});
    if (spec == nullptr) return "";
    cluster.name = kube::StringAt(*spec, {"clusterRef", "name"});
  }
  const kube::ObjectPtr object = cache.Get(api::kRepositoryClusters, cluster);
  const bool near =
      object == nullptr ||
      kube::StringAt(*object, {"spec", "connection", "type"}) == "Local";
  return near ? "" : cluster.ToString();
}

}  // namespace landwaiter::reconcile
