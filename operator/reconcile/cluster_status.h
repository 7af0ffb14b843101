#ifndef LANDWAITER_OPERATOR_RECONCILE_CLUSTER_STATUS_H_
#define LANDWAITER_OPERATOR_RECONCILE_CLUSTER_STATUS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "operator/api/repository_cluster.h"
#include "operator/reconcile/clusters.h"
#include "operator/reconcile/connector_enrolments.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

struct ScanPodCounts {
  int64_t running = 0;
  int64_t pending = 0;
};

// Why a RepositoryCluster cannot be acted on until a person changes something.
struct ClusterRefusal {
  std::string_view reason;
  std::string message;
};

// What of the spec is refused, whatever the cluster says.
std::optional<ClusterRefusal> RefuseClusterSpec(
    const absl::StatusOr<api::RepositoryCluster>& cluster,
    const Settings& settings);

// What is known of a cluster.
struct ClusterFacts {
  std::optional<ClusterRefusal> refusal;
  std::optional<ClusterProbe> probe;  // nullopt: it is being asked
  bool synced = true;                 // its Jobs and pods are known
  ScanPodCounts pods;
  // Newest first, as the analyzer saw them since it runs.
  std::vector<std::string> egress_addresses;
  std::optional<ConnectorEnrolment> connector;  // for type Connector
};

// The status that a RepositoryCluster should have.
kube::Json DecideClusterStatus(const kube::Json& object,
                               const ClusterFacts& facts, absl::Time now);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_CLUSTER_STATUS_H_
