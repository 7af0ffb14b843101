#ifndef LANDWAITER_AGENT_REGISTRY_DOCKER_HUB_LOGIN_H_
#define LANDWAITER_AGENT_REGISTRY_DOCKER_HUB_LOGIN_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/connection.h"
#include "agent/registry/transport/authorization.h"

namespace landwaiter::agent::registry::docker_hub {

// The cause of an Unauthorized whose login was refused.
inline constexpr char kRefused[] = "Login";

// The login at Docker Hub's API: POST /v2/auth/token gives a token, which is
// asked for again when it has expired. A login that was refused is never sent
// again. Thread-safe.
class Login : public Authorization {
 public:
  explicit Login(const Connection& connection) : connection_(connection) {}

  absl::Status Authorize(const std::string& scope,
                         http::Request& request) override;
  absl::StatusOr<Answer> Refused(const http::Response& response,
                                 const std::string& scope,
                                 const http::Request& sent,
                                 bool& rejected) override;

 private:
  absl::StatusOr<std::string> Fetch();

  const Connection connection_;
  absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  absl::Status rejected_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::agent::registry::docker_hub

#endif  // LANDWAITER_AGENT_REGISTRY_DOCKER_HUB_LOGIN_H_
