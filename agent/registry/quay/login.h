#ifndef LANDWAITER_AGENT_REGISTRY_QUAY_LOGIN_H_
#define LANDWAITER_AGENT_REGISTRY_QUAY_LOGIN_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/registry/connection.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/authorization.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::quay {

// What an OAuth token of Quay logs in to /v2/ as.
inline constexpr char kOAuthUser[] = "$oauthtoken";

// Without this header Quay's API refuses a caller whose User-Agent looks like
// that of a browser.
inline constexpr char kNoBrowser[] = "X-Requested-With";
inline constexpr char kNoBrowserValue[] = "XMLHttpRequest";

// The login at /v2/auth with the connection's account: the only place where
// Quay tells bad credentials from none. Thread-safe.
class Login {
 public:
  Login(const Connection& connection, base::Clock& clock);

  // A token of the registry without a scope, which is what /v2/_catalog wants.
  // Unauthorized if the account is refused (`refused` is set), once sent;
  // RateLimited while Quay throttles logins, which says nothing of the
  // account.
  absl::StatusOr<std::string> FetchToken(bool& refused);

 private:
  absl::StatusOr<std::string> Service();

  ApiClient nobody_;
  ApiClient account_;
  absl::Mutex mutex_;
  std::string service_ ABSL_GUARDED_BY(mutex_);
};

// Bearer tokens without a scope. Without a token nothing is sent: to nobody,
// Quay's catalog is empty, with status 200.
class ScopelessToken : public Authorization {
 public:
  ScopelessToken(const Connection& connection, base::Clock& clock)
      : clock_(clock), login_(connection, clock) {}

  absl::Status Authorize(const std::string& scope,
                         http::Request& request) override;
  absl::StatusOr<Answer> Refused(const http::Response& response,
                                 const std::string& scope,
                                 const http::Request& sent,
                                 bool& rejected) override;

 private:
  base::Clock& clock_;
  Login login_;
  absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  absl::Time renew_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace landwaiter::agent::registry::quay

#endif  // LANDWAITER_AGENT_REGISTRY_QUAY_LOGIN_H_
