#ifndef LANDWAITER_OPERATOR_API_REPOSITORY_CLUSTER_H_
#define LANDWAITER_OPERATOR_API_REPOSITORY_CLUSTER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::api {

// What a RepositoryCluster asks for (deploy/crds).
struct RepositoryCluster {
  std::string ns;
  std::string name;
  std::string uid;
  std::string connection_type;  // Local, Kubeconfig, Connector
  // Kubeconfig: the Secret that holds it, and the key in there.
  std::string kubeconfig_secret;
  std::string kubeconfig_key;
  std::string scan_namespace;    // empty: the operator's default
  std::string analyzer_address;  // empty: the in-cluster service
  int max_pods = 4;
  // spec.podTemplate as it is, never null.
  std::shared_ptr<const nlohmann::json> pod_template;

  bool IsRemote() const { return connection_type != "Local"; }

  // INVALID_ARGUMENT names the first field that is not as the schema says.
  static absl::StatusOr<RepositoryCluster> Parse(const nlohmann::json& object);
};

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_REPOSITORY_CLUSTER_H_
