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
#include "agent/registry/connection.h"
#include "agent/registry/oci/challenge.h"
#include "agent/registry/oci/token_server.h"
#include "agent/registry/transport/authorization.h"
#include "agent/registry/transport/refused_logins.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::oci {

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
  // A catalog without a name is believed: the type knows otherwise that it is
  // shown all there is.
  bool catalog_may_be_empty = false;
};

// Knows what to put into Authorization: nothing, Basic, or a Bearer token per
// scope (distribution-spec's token authentication). Tokens are kept and
// renewed at 80 % of their life. Credentials that were refused are not sent
// again, however often they are asked for. Thread-safe.
class Authorizer : public Authorization {
 public:
  // The references must outlive it.
  Authorizer(const Connection& connection, base::Clock& clock,
             const OciOptions& options = {});

  absl::Status Authorize(const std::string& scope,
                         http::Request& request) override;

  // Takes up what the challenges of a 401 ask for.
  absl::StatusOr<Answer> Refused(const http::Response& response,
                                 const std::string& scope,
                                 const http::Request& sent,
                                 bool& rejected) override;
  void Passed(const http::Request& sent) override;

  // Whether the registry has asked for a login so far.
  bool challenged();

 private:
  absl::StatusOr<Answer> AnswerBearer(const Challenge& challenge,
                                      const std::string& scope,
                                      const std::string& sent, bool& rejected);
  absl::StatusOr<Answer> AnswerBasic(const std::string& sent, bool& rejected);
  absl::StatusOr<std::string> NewToken(const Challenge& challenge,
                                       const std::string& scope,
                                       const std::string& stale);
  // A Rejection if the credentials were refused, here or elsewhere.
  absl::Status CheckLogin() const;
  void Remember();  // that they were
  std::optional<Token> KnownToken(const std::string& scope)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Connection& connection_;
  base::Clock& clock_;
  const std::string basic_header_;  // empty without credentials
  const bool credentials_first_;
  const bool bearer_only_;
  const std::shared_ptr<RefusedLogins> refused_logins_;
  TokenServer token_server_;
  // Held while a token is fetched, until the credentials have proved right:
  // a wrong password is one login, however many requests wait for it.
  absl::Mutex login_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Mutex mutex_;
  bool proved_ ABSL_GUARDED_BY(mutex_) = false;  // they were taken once
  bool challenged_ ABSL_GUARDED_BY(mutex_) = false;
  bool basic_ ABSL_GUARDED_BY(mutex_) = false;
  // The last Bearer challenge, so that a token can be renewed in time.
  std::optional<Challenge> bearer_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Token> tokens_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_AUTHORIZER_H_
