#include "operator/connector/config.h"

#include "core/base/failure.h"
#include "core/config/strict_yaml.h"

namespace landwaiter::connector {

absl::StatusOr<ConnectorConfig> ReadConnectorConfig(const std::string& path) {
  ConnectorConfig result;
  LANDWAITER_RETURN_IF_ERROR(
      config::ReadYamlFile(path, [&](config::StrictYaml& yaml) {
        yaml.Text("logLevel", result.log_level);
        yaml.Text("cluster", result.cluster);
        yaml.Text("address", result.address);
        yaml.Text("namespace", result.ns);
        yaml.Text("scanNamespace", result.scan_namespace);
        yaml.Text("tokenFile", result.token_file);
        yaml.Text("caFile", result.ca_file);
        yaml.Text("secret", result.secret);
        yaml.Text("listen", result.listen);
        yaml.Text("kubeconfig", result.kubeconfig);
        if (result.cluster.empty()) yaml.Problem("cluster", "is needed");
        if (result.address.empty()) yaml.Problem("address", "is needed");
        if (result.ns.empty()) yaml.Problem("namespace", "is needed");
      }));
  if (result.scan_namespace.empty()) result.scan_namespace = result.ns;
  return result;
}

}  // namespace landwaiter::connector
