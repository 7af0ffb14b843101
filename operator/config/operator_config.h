#ifndef LANDWAITER_OPERATOR_CONFIG_OPERATOR_CONFIG_H_
#define LANDWAITER_OPERATOR_CONFIG_OPERATOR_CONFIG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "operator/analyzer/grpc_control_client.h"
#include "operator/certificates/certificate_secrets.h"
#include "operator/connector/enrolment.h"
#include "operator/reconcile/context.h"

namespace landwaiter::config {

// The operator's configuration file (docs/reference/operator-config.md),
// checked: what has this type can be run.
struct OperatorConfig {
  std::string log_level = "info";
  std::string ns;                       // its own
  std::vector<std::string> namespaces;  // watched; never empty
  reconcile::Settings settings;         // but for cluster_uid
  control::GrpcControlOptions analyzer;
  certificates::CertificateOptions certificates;
  // CIDRs that a kubeconfig out of a Secret may lead to though they are
  // loopback, link-local or of a cloud's metadata service.
  std::vector<std::string> cluster_addresses;
  std::string lease = "landwaiter-operator";
  std::string listen = "0.0.0.0:8080";  // health and metrics
  // Where connectors of other clusters come to; nowhere without an address.
  std::string connector_listen = "0.0.0.0:8444";
  connector::EnrolmentOptions connector;
  std::string kubeconfig;  // empty: KUBECONFIG, else the pod's own
};

// `own_namespace` is the pod's, for what the file leaves out. All problems are
// told at once, with file and line.
absl::StatusOr<OperatorConfig> ReadOperatorConfig(
    const std::string& path, const std::string& own_namespace);
// The same of a text; `source` is what errors call it.
absl::StatusOr<OperatorConfig> ParseOperatorConfig(
    const std::string& text, const std::string& source,
    const std::string& own_namespace);

}  // namespace landwaiter::config

#endif  // LANDWAITER_OPERATOR_CONFIG_OPERATOR_CONFIG_H_
