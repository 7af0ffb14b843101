#ifndef LANDWAITER_AGENT_REGISTRY_GITLAB_ACCOUNT_H_
#define LANDWAITER_AGENT_REGISTRY_GITLAB_ACCOUNT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/connection.h"
#include "agent/registry/gitlab/site.h"
#include "agent/registry/oci/authorizer.h"
#include "agent/registry/registry.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/transport.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::gitlab {

// An access token and what can be done with it at both addresses. Thread-safe.
//
// GitLab bans an address after 300 failed logins in a minute: once a token is
// refused, nothing is asked with it any more, and every call fails at once.
class Account {
 public:
  // `group` is a full path, or empty for an administrator's token. `clock`
  // must outlive it.
  Account(const Connection& connection, const Site& site, std::string group,
          Credentials login, base::Clock& clock);

  const std::string& group() const { return group_; }
  const std::string& api() const { return api_path_; }

  // An answer of the REST API. `target` follows the API's path ("/groups/7").
  // Errors: Unauthorized if the token is refused, RateLimited for a ban.
  absl::StatusOr<http::Response> Get(std::string_view target);
  // The same, for what must be there: 404 is Unauthorized, since GitLab says
  // so of what the token may not see.
  absl::StatusOr<http::Response> GetSeen(std::string_view target,
                                         std::string_view what);

  // The registry's side, once its origin is known (the first one counts).
  struct Pull {
    Pull(Connection connection, const oci::OciOptions& options,
         base::Clock& clock);
    const Connection connection;
    oci::Authorizer authorizer;
    Transport transport;            // for /gitlab/v1/
    std::unique_ptr<Registry> oci;  // for /v2/; null if it cannot be made
  };
  absl::StatusOr<Pull*> PullFrom(const http::Url& registry);

  // What failed at the registry: if it was a login, whether the token is to
  // blame is found out once, at GitLab. Returns `status`.
  absl::Status Judged(absl::Status status);
  bool rejected() const;

 private:
  absl::Status Rejected() const;

  const Connection connection_;  // with this token alone
  const oci::OciOptions options_;
  const std::string group_;
  const std::string api_path_;
  base::Clock& clock_;
  ApiClient api_;
  mutable absl::Mutex mutex_;
  bool rejected_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<Pull> pull_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::agent::registry::gitlab

#endif  // LANDWAITER_AGENT_REGISTRY_GITLAB_ACCOUNT_H_
