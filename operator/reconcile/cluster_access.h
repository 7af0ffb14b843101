#ifndef LANDWAITER_OPERATOR_RECONCILE_CLUSTER_ACCESS_H_
#define LANDWAITER_OPERATOR_RECONCILE_CLUSTER_ACCESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "operator/api/repository_cluster.h"
#include "operator/reconcile/clusters.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// Asks for the version, the nodes, and each permission that the operator needs
// in the scan namespace, of a remote cluster also those for its NetworkPolicy.
// That nodes may not be listed is no defect: only their number is then unknown.
ClusterProbe ProbeCluster(kube::KubeClient& client,
                          const std::string& scan_namespace, bool remote);

// Where the objects of a repository cluster are: its API server and its cache.
// Both live as long as this does.
struct ClusterAccess {
  kube::KubeClient* kube = nullptr;
  const Cache* cache = nullptr;
  std::shared_ptr<ClusterLink> link;  // null for the operator's own cluster
};

// UNAVAILABLE while a remote cluster has no link or its first lists are not
// there: what runs in it is not known then.
absl::StatusOr<ClusterAccess> AccessTo(const Context& context,
                                       const api::RepositoryCluster& cluster);
// Of the cluster that a Job or a pod was found in.
ClusterAccess AccessOf(const Context& context, const kube::Json& object);

// Whether the RepositoryCluster is one that cannot be reached now: what runs in
// it is left alone until it can.
bool IsAway(const Context& context, const kube::Json& cluster);
// Whether it ever could, by its status.
bool WasReached(const kube::Json& cluster);

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
