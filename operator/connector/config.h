#ifndef LANDWAITER_OPERATOR_CONNECTOR_CONFIG_H_
#define LANDWAITER_OPERATOR_CONNECTOR_CONFIG_H_

#include <string>

#include "absl/status/statusor.h"

namespace landwaiter::connector {

// The configuration file of `landwaiter-operator connector`
// (docs/repository-clusters.md).
struct ConnectorConfig {
  std::string log_level = "info";
  std::string cluster;         // uid of the RepositoryCluster
  std::string address;         // host:port of the operator
  std::string ns;              // its own
  std::string scan_namespace;  // whose objects it may touch; default: its own
  // Files of the enrolment; read again at each try.
  std::string token_file = "/etc/landwaiter/enrolment/token";
  std::string ca_file = "/etc/landwaiter/enrolment/ca.crt";
  std::string secret = "landwaiter-connector";  // keeps key and certificate
  std::string listen = "0.0.0.0:8080";          // health
  std::string kubeconfig;                       // empty: the pod's own
};

// All problems are told at once, with file and line.
absl::StatusOr<ConnectorConfig> ReadConnectorConfig(const std::string& path);

}  // namespace landwaiter::connector

#endif  // LANDWAITER_OPERATOR_CONNECTOR_CONFIG_H_
