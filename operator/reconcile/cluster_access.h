#ifndef LANDWAITER_OPERATOR_RECONCILE_CLUSTER_ACCESS_H_
#define LANDWAITER_OPERATOR_RECONCILE_CLUSTER_ACCESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "operator/api/repository_cluster.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// What was learned of a cluster by asking it.
struct ClusterProbe {
  absl::Status reachable;            // why not, if so
  std::string version;               // "v1.34.2"
  std::optional<int64_t> nodes;      // nullopt: they may not be listed
  std::vector<std::string> missing;  // "create jobs.batch in scans"
};

// Asks for the version, the nodes, and each permission that the operator needs
// in the scan namespace. That nodes may not be listed is no defect: only their
// number is then unknown.
ClusterProbe ProbeCluster(kube::KubeClient& client,
                          const std::string& scan_namespace);

// The namespace that the cluster's scan pods are in. PERMISSION_DENIED if it is
// not one that the operator's configuration allows.
absl::StatusOr<std::string> ScanNamespaceOf(
    const api::RepositoryCluster& cluster, const Settings& settings);

// PERMISSION_DENIED if the podTemplate names a priority class that the
// operator's configuration does not allow.
absl::Status CheckPodTemplate(const api::RepositoryCluster& cluster,
                              const Settings& settings);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_CLUSTER_ACCESS_H_
