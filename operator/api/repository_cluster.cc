#include "operator/api/repository_cluster.h"

#include <algorithm>

#include "nlohmann/json.hpp"
#include "operator/api/reader.h"
#include "operator/kube/object.h"

namespace landwaiter::api {

absl::StatusOr<RepositoryCluster> RepositoryCluster::Parse(
    const nlohmann::json& object) {
  absl::Status error;
  Reader spec = Reader(object, "", &error).Object("spec");
  RepositoryCluster cluster;
  cluster.ns = kube::NamespaceOf(object);
  cluster.name = kube::NameOf(object);
  cluster.uid = kube::UidOf(object);
  Reader connection = spec.Object("connection");
  cluster.connection_type = connection.String("type");
  Reader secret = connection.Object("kubeconfig").Object("secretRef");
  cluster.kubeconfig_secret = secret.String("name");
  cluster.kubeconfig_key = secret.String("key", "kubeconfig");
  cluster.scan_namespace = spec.String("scanNamespace");
  cluster.analyzer_address = spec.String("analyzerAddress");
  cluster.max_pods =
      static_cast<int>(std::clamp<int64_t>(spec.Int("maxPods", 4), 1, 100));
  const nlohmann::json* pod_template = spec.Raw("podTemplate");
  cluster.pod_template = std::make_shared<const nlohmann::json>(
      pod_template != nullptr && pod_template->is_object()
          ? *pod_template
          : nlohmann::json::object());
  if (!error.ok()) return error;
  return cluster;
}

}  // namespace landwaiter::api
