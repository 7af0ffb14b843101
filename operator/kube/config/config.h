#ifndef LANDWAITER_OPERATOR_KUBE_CONFIG_CONFIG_H_
#define LANDWAITER_OPERATOR_KUBE_CONFIG_CONFIG_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/base/clock.h"
#include "core/http/client.h"
#include "operator/kube/config/token_source.h"

namespace landwaiter::kube {

// How to reach an API server, and as whom: all that is needed to make a client.
struct ClusterConfig {
  http::Url server;
  http::TlsOptions tls;  // client certificate included
  http::ProxyOptions proxy;
  http::AddressPolicy address_policy;  // empty: every address is allowed
  std::shared_ptr<TokenSource> token;  // null: no bearer token
  // The context's, or the service account's namespace; may be empty.
  std::string ns;
};

// What a pod finds: the service account's files and two variables. The
// functions' arguments make it testable; nothing else is read.
struct PodEnvironment {
  std::function<std::string(const char*)> variable;  // empty if not set
  std::string directory = "/var/run/secrets/kubernetes.io/serviceaccount";
};
// FAILED_PRECONDITION outside of a pod. `clock` outlives the configuration.
absl::StatusOr<ClusterConfig> InClusterConfig(const PodEnvironment& pod,
                                              base::Clock* clock);

enum class KubeconfigTrust {
  // A developer's own file: it may name files and run programs.
  kOwn,
  // Out of a Secret, written by someone else: everything must be in it. Exec,
  // auth-provider and every path are refused, since following them would hand
  // out our files and run their programs; so are http and
  // insecure-skip-tls-verify, since registry credentials go there.
  kForeign,
};

struct KubeconfigOptions {
  KubeconfigTrust trust = KubeconfigTrust::kForeign;
  std::string context;    // empty: current-context
  std::string directory;  // kOwn: what relative paths are relative to
};

// Reads a kubeconfig (apiVersion v1, kind Config): clusters, contexts and users
// with certificate-authority(-data), tls-server-name, insecure-skip-tls-verify,
// proxy-url, client-certificate(-data), client-key(-data), token, tokenFile and
// exec. INVALID_ARGUMENT naming the field, "users[0].user.exec", for what is
// wrong, refused or not supported (auth-provider, username and password,
// impersonation): nothing is silently ignored that would change who we are.
absl::StatusOr<ClusterConfig> ParseKubeconfig(std::string_view yaml,
                                              const KubeconfigOptions& options,
                                              base::Clock* clock);

// The configuration of a program: the kubeconfig at `path` if it is not empty,
// else the one that KUBECONFIG names, else the pod's own. A file read here is
// the operator's own (KubeconfigTrust::kOwn).
absl::StatusOr<ClusterConfig> LoadConfig(const std::string& path,
                                         const std::string& context,
                                         base::Clock* clock);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CONFIG_CONFIG_H_
