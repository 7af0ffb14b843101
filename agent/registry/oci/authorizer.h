#ifndef LANDWAITER_AGENT_REGISTRY_OCI_AUTHORIZER_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_AUTHORIZER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/registry/connection.h"
#include "agent/registry/oci/challenge.h"
#include "agent/registry/transport/authorization.h"
#include "core/base/clock.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry::oci {

// Whether credentials for `registry` may be shown to a token server at
// `realm`: never over http if the registry is on https; the host must be the
// registry's own, its parent or child domain, or a sibling (auth.docker.io for
// registry-1.docker.io). Everything else is a hijack.
bool IsTrustedRealm(const http::Url& registry, const http::Url& realm);

// What a type knows of its registry's /v2/ side that cannot be found out. It
// comes from the type, never from a resource.
struct OciOptions {
  std::string path_prefix;  // before /v2/: "/artifactory/api/docker/local"
  // Basic goes with the first request: without, a registry that is open to
  // everybody shows what everybody may see.
  bool credentials_first = false;
  // Hosts of the vendor's token server that are not of the registry's domain.
  std::vector<std::string> token_hosts;
  // The registry itself never gets the credentials, even if it asks for Basic:
  // only its token server does.
  bool bearer_only = false;
};

// Knows what to put into Authorization: nothing, Basic, or a Bearer token per
// scope (distribution-spec's token authentication). Tokens are kept and
// renewed at 80 % of their life. Thread-safe.
class Authorizer : public Authorization {
 public:
  Authorizer(const Connection& connection, base::Clock& clock,
             const OciOptions& options = {})
      : connection_(connection),
        clock_(clock),
        credentials_first_(options.credentials_first &&
                           !connection.credentials.empty()),
        token_hosts_(options.token_hosts),
        bearer_only_(options.bearer_only) {}

  absl::Status Authorize(const std::string& scope,
                         http::Request& request) override;

  // Takes up what the challenges of a 401 ask for.
  absl::StatusOr<Answer> Refused(const http::Response& response,
                                 const std::string& scope,
                                 const http::Request& sent,
                                 bool& rejected) override;

 private:
  struct Token {
    std::string header;
    absl::Time renew_at;
  };

  // The header's value as far as is known before asking; may be empty.
  std::string HeaderFor(const std::string& scope);
  bool MayShowCredentialsTo(const http::Url& realm) const;
  absl::StatusOr<Token> FetchToken(const Challenge& challenge,
                                   const std::string& scope, bool& rejected);

  const Connection& connection_;
  base::Clock& clock_;
  const bool credentials_first_;
  const std::vector<std::string> token_hosts_;
  const bool bearer_only_;
  absl::Mutex mutex_;
  bool basic_ ABSL_GUARDED_BY(mutex_) = false;
  // The last Bearer challenge, so that a token can be renewed in time.
  std::optional<Challenge> bearer_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Token> tokens_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_AUTHORIZER_H_
