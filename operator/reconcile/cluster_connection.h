#ifndef LANDWAITER_OPERATOR_RECONCILE_CLUSTER_CONNECTION_H_
#define LANDWAITER_OPERATOR_RECONCILE_CLUSTER_CONNECTION_H_

#include <optional>

#include "operator/api/repository_cluster.h"
#include "operator/reconcile/cluster_status.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// Gives a remote cluster the link that its spec and its Secret ask for, in
// place of another that it has. What is refused takes the link away.
std::optional<ClusterRefusal> Connect(const Context& context,
                                      const api::RepositoryCluster& cluster);

// Deletes the Jobs that there are, and what PrepareCluster made. UNAVAILABLE
// while the cluster is away.
absl::Status CleanUpCluster(const Context& context,
                            const api::RepositoryCluster& cluster);

// Makes what scan pods need in a remote cluster beside their Jobs: a
// NetworkPolicy that nobody may connect to them. For the link, not for a
// reconciler: it waits for the cluster.
absl::Status PrepareCluster(kube::KubeClient& kube, const LinkSpec& link);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_CLUSTER_CONNECTION_H_
