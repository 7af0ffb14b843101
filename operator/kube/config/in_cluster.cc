#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "operator/kube/config/config.h"
#include "operator/kube/config/file.h"

namespace landwaiter::kube {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// With brackets around an IPv6 address.
std::string HostInUrl(const std::string& host) {
  const bool bare_ipv6 =
      host.find(':') != std::string::npos && !host.starts_with('[');
  return bare_ipv6 ? absl::StrCat("[", host, "]") : host;
}

}  // namespace

absl::StatusOr<ClusterConfig> InClusterConfig(const PodEnvironment& pod,
                                              base::Clock* clock) {
  const std::string host = pod.variable("KUBERNETES_SERVICE_HOST");
  const std::string port = pod.variable("KUBERNETES_SERVICE_PORT");
  if (host.empty() || port.empty()) {
    return absl::FailedPreconditionError(
        "not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are "
        "not set");
  }
  ClusterConfig config;
  LANDWAITER_ASSIGN_OR_RETURN(
      config.server, http::Url::Parse(absl::StrCat("https://", HostInUrl(host),
                                                   ":", port, "/")));
  LANDWAITER_ASSIGN_OR_RETURN(config.tls.ca_pem,
                              ReadSmallFile(pod.directory + "/ca.crt"));
  config.token = std::make_shared<FileToken>(pod.directory + "/token", clock);
  LANDWAITER_RETURN_IF_ERROR(config.token->Token().status());
  if (auto ns = ReadSmallFile(pod.directory + "/namespace"); ns.ok()) {
    config.ns = base::Strip(*ns);
  }
  return config;
}

absl::StatusOr<ClusterConfig> LoadConfig(const std::string& path,
                                         const std::string& context,
                                         base::Clock* clock) {
  const std::string from = path.empty() ? Variable("KUBECONFIG") : path;
  if (from.empty()) return InClusterConfig({.variable = Variable}, clock);
  if (from.find(':') != std::string::npos) {
    return absl::InvalidArgumentError(
        "KUBECONFIG names several files; name one");
  }
  LANDWAITER_ASSIGN_OR_RETURN(std::string yaml, ReadSmallFile(from));
  const size_t slash = from.rfind('/');
  auto config = ParseKubeconfig(
      yaml,
      {.trust = KubeconfigTrust::kOwn,
       .context = context,
       .directory = slash == std::string::npos ? "." : from.substr(0, slash)},
      clock);
  if (!config.ok()) return base::WithContext(config.status(), from);
  return config;
}

}  // namespace landwaiter::kube
