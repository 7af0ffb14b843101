#include "operator/config/operator_config.h"

#include <arpa/inet.h>

#include <utility>

#include "core/base/failure.h"
#include "core/base/log_level.h"
#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/config/strict_yaml.h"
#include "core/model/digest.h"

namespace landwaiter::config {
namespace {

void ReadAnalyzer(StrictYaml& yaml, OperatorConfig& config) {
  yaml.Object("analyzer", [&](StrictYaml& analyzer) {
    analyzer.Text("address", config.analyzer.address);
    analyzer.Text("serverName", config.analyzer.server_name);
    analyzer.Duration("callDeadline", config.analyzer.call_deadline,
                      absl::Seconds(1), absl::Minutes(5));
  });
}

void CheckDigests(StrictYaml& pods, const std::vector<std::string>& digests) {
  for (const std::string& digest : digests) {
    if (model::Digest::Parse(digest).ok()) continue;
    pods.Problem("configDigests",
                 base::StrCat(base::Printable(digest), " is not a digest"));
  }
}

void ReadScanPods(StrictYaml& yaml, OperatorConfig& config) {
  yaml.Object("scanPods", [&](StrictYaml& pods) {
    pods.Text("image", config.settings.component.image);
    pods.Text("imagePullPolicy", config.settings.component.pull_policy);
    pods.Text("analyzerAddress", config.settings.component.analyzer_address);
    pods.Text("analyzerServerName",
              config.settings.component.analyzer_server_name);
    pods.TextList("configDigests", config.settings.component.config_digests);
    CheckDigests(pods, config.settings.component.config_digests);
    pods.TextList("namespaces", config.settings.scan_namespaces);
    pods.TextList("priorityClasses", config.settings.priority_classes);
  });
}

// "10.0.0.0/8", "fd00::/8"; an address alone is itself.
bool IsCidr(const std::string& text) {
  const auto parts = base::SplitOnce(text, '/');
  const std::string address(parts ? parts->first : text);
  unsigned char bytes[sizeof(in6_addr)];
  const bool ipv6 = inet_pton(AF_INET6, address.c_str(), bytes) == 1;
  if (!ipv6 && inet_pton(AF_INET, address.c_str(), bytes) != 1) return false;
  if (!parts) return true;
  const auto prefix = base::ParseUint64(parts->second);
  return prefix && *prefix <= (ipv6 ? 128u : 32u);
}

void ReadAllowedAddresses(StrictYaml& yaml, std::vector<std::string>& allowed) {
  yaml.TextList("allowedAddresses", allowed);
  for (const std::string& cidr : allowed) {
    if (IsCidr(cidr)) continue;
    yaml.Problem("allowedAddresses",
                 base::StrCat(base::Printable(cidr), " is not a CIDR"));
  }
}

// What concerns the program in scan pods, wherever they are.
void ReadAgent(StrictYaml& yaml, OperatorConfig& config) {
  yaml.Object("agent", [&](StrictYaml& agent) {
    ReadAllowedAddresses(agent, config.settings.component.allowed_addresses);
  });
}

// What concerns the API servers that a kubeconfig out of a Secret names.
void ReadClusters(StrictYaml& yaml, OperatorConfig& config) {
  yaml.Object("clusters", [&](StrictYaml& clusters) {
    ReadAllowedAddresses(clusters, config.cluster_addresses);
  });
}

void ReadCertificates(StrictYaml& yaml, OperatorConfig& config) {
  certificates::CertificateOptions& options = config.certificates;
  yaml.Object("certificates", [&](StrictYaml& certificates) {
    certificates.Bool("issue", options.issue);
    certificates.Text("caSecret", options.ca_secret);
    certificates.Text("analyzerSecret", options.analyzer_secret);
    certificates.Text("operatorSecret", options.operator_secret);
    options.connector_ca_secret = "landwaiter-connector-ca";
    certificates.Text("connectorCaSecret", options.connector_ca_secret);
    certificates.TextList("analyzerNames", options.rotation.server.dns_names);
  });
}

void ReadConnector(StrictYaml& yaml, OperatorConfig& config) {
  yaml.Object("connector", [&](StrictYaml& connector) {
    connector.Text("address", config.connector.address);
    connector.Text("listen", config.connector_listen);
    connector.Text("chart", config.connector.chart);
    connector.Text("version", config.connector.version);
    connector.Duration("tokenLife", config.connector.token_life,
                       absl::Minutes(1), absl::Hours(24 * 7));
  });
}

// "landwaiter-analyzer.landwaiter.svc" of an address.
std::string HostOf(const std::string& address) {
  return address.substr(0, address.rfind(':'));
}

absl::Status Missing(std::string_view key, std::string_view what) {
  return absl::InvalidArgumentError(base::StrCat(key, ": ", what));
}

absl::Status Complete(OperatorConfig& config) {
  if (config.ns.empty()) {
    return Missing("namespace",
                   "is needed, since this is not the pod of a cluster");
  }
  if (config.settings.component.image.empty()) {
    return Missing("scanPods.image", "is needed");
  }
  if (config.analyzer.address.empty()) {
    config.analyzer.address =
        base::StrCat("landwaiter-analyzer.", config.ns, ".svc:8443");
  }
  if (config.namespaces.empty()) config.namespaces = {config.ns};
  reconcile::Settings& settings = config.settings;
  if (settings.scan_namespaces.empty()) settings.scan_namespaces = {config.ns};
  // Pods and operator know the analyzer by the same name, whatever address
  // they reach it at.
  const std::string name = config.analyzer.server_name.empty()
                               ? HostOf(config.analyzer.address)
                               : config.analyzer.server_name;
  jobs::ScanComponent& component = settings.component;
  component.version = std::string(base::Version());
  if (component.analyzer_address.empty()) {
    component.analyzer_address = config.analyzer.address;
  }
  if (component.analyzer_server_name.empty()) {
    component.analyzer_server_name = name;
  }
  config.connector.ns = config.ns;
  config.connector.default_scan_namespace = settings.scan_namespaces.front();
  certificates::CertificateOptions& certificates = config.certificates;
  if (config.connector.address.empty() || certificates.issue) {
    certificates.connector_ca_secret.clear();
  }
  certificates.ns = config.ns;
  certificates.rotation.server.common_name = "landwaiter-analyzer";
  certificates.rotation.server.server = true;
  certificates.rotation.client.common_name = "landwaiter-operator";
  certificates.rotation.client.dns_names = {"landwaiter-operator"};
  if (certificates.rotation.server.dns_names.empty()) {
    certificates.rotation.server.dns_names = {name};
  }
  return absl::OkStatus();
}

absl::StatusOr<OperatorConfig> Finish(OperatorConfig config,
                                      const std::string& own_namespace) {
  if (config.ns.empty()) config.ns = own_namespace;
  LANDWAITER_RETURN_IF_ERROR(Complete(config));
  return config;
}

auto Reader(OperatorConfig& config) {
  return [&config](StrictYaml& yaml) {
    yaml.Text("logLevel", config.log_level);
    yaml.Text("namespace", config.ns);
    yaml.TextList("namespaces", config.namespaces);
    yaml.Text("lease", config.lease);
    yaml.Text("listen", config.listen);
    yaml.Text("kubeconfig", config.kubeconfig);
    yaml.Duration("verifyInterval", config.settings.verify_interval,
                  absl::Minutes(1), absl::Hours(24 * 7));
    ReadAnalyzer(yaml, config);
    ReadScanPods(yaml, config);
    ReadAgent(yaml, config);
    ReadClusters(yaml, config);
    ReadCertificates(yaml, config);
    ReadConnector(yaml, config);
    if (!base::LogLevelFromString(config.log_level)) {
      yaml.Problem("logLevel", "is none of debug, info, warning, error");
    }
  };
}

}  // namespace

absl::StatusOr<OperatorConfig> ReadOperatorConfig(
    const std::string& path, const std::string& own_namespace) {
  OperatorConfig config;
  LANDWAITER_RETURN_IF_ERROR(ReadYamlFile(path, Reader(config)));
  return Finish(std::move(config), own_namespace);
}

absl::StatusOr<OperatorConfig> ParseOperatorConfig(
    const std::string& text, const std::string& source,
    const std::string& own_namespace) {
  OperatorConfig config;
  LANDWAITER_RETURN_IF_ERROR(ReadYaml(text, source, Reader(config)));
  return Finish(std::move(config), own_namespace);
}

}  // namespace landwaiter::config
