#ifndef LANDWAITER_AGENT_REGISTRY_OCI_TOKEN_SERVER_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_TOKEN_SERVER_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/registry/connection.h"
#include "agent/registry/oci/challenge.h"
#include "agent/registry/transport/manners.h"
#include "core/base/clock.h"
#include "core/http/client.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry::oci {

// Whether credentials for `registry` may be shown to a token server at
// `realm`, whoever named it: never over http if the registry is on https; the
// host must be the registry's own, a domain above it (who owns gitlab.com owns
// registry.gitlab.com), a domain below it, or one of the pairs that are known
// (auth.docker.io for Docker Hub). A sibling is no relation: of
// registry.example.co.uk and evil.example.co.uk nobody can tell without a list
// of public suffixes whether one owner has both.
bool IsTrustedRealm(const http::Url& registry, const http::Url& realm);

struct Token {
  std::string header;  // for Authorization
  absl::Time renew_at;
};

// Gets tokens by distribution-spec's token authentication: GET with Basic,
// or OAuth2's POST with a password where a server has no GET (Azure).
// Thread-safe.
class TokenServer {
 public:
  // `token_hosts`: hosts of the vendor's that may see the credentials. The
  // references must outlive it.
  TokenServer(const Connection& connection, base::Clock& clock,
              std::vector<std::string> token_hosts);

  // Unauthorized, a Rejection if the server refused the user name or the
  // password; RateLimited; NetworkError; NetworkConnectError.
  absl::StatusOr<Token> Fetch(const Challenge& challenge,
                              const std::string& scope);

 private:
  bool MayShowCredentialsTo(const http::Url& realm) const;
  absl::StatusOr<http::Client*> ClientFor(const http::Url& realm);
  absl::StatusOr<http::Response> Ask(const http::Url& realm,
                                     const std::string& service,
                                     const std::string& scope);
  absl::StatusOr<http::Response> Send(const http::Url& realm,
                                      const http::Request& request);

  const Connection& connection_;
  base::Clock& clock_;
  const std::shared_ptr<Manners> manners_;
  const std::vector<std::string> token_hosts_;
  absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<http::Client>> clients_
      ABSL_GUARDED_BY(mutex_);  // by origin
  // Realms that have no GET.
  std::set<std::string> post_only_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_TOKEN_SERVER_H_
