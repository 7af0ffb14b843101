#ifndef LANDWAITER_OPERATOR_RECONCILE_CLUSTER_CHOICE_H_
#define LANDWAITER_OPERATOR_RECONCILE_CLUSTER_CHOICE_H_

#include <string>
#include <string_view>

#include "operator/api/repository_cluster.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// The RepositoryCluster that an object's clusterRef names, if Jobs can run on
// it now.
struct ClusterChoice {
  std::string_view problem;  // a reason; empty: it can be used
  std::string message;
  // If it can be used:
  api::RepositoryCluster cluster;
  std::string scan_namespace;
};

ClusterChoice ChooseCluster(const Context& context, const std::string& ns,
                            const std::string& name);

// The remote cluster that reconciling the object of this type calls, as
// "namespace/name"; empty: none but the operator's own.
std::string FarClusterOf(const Cache& cache, const kube::ResourceType& type,
                         const kube::ObjectKey& key);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_CLUSTER_CHOICE_H_
