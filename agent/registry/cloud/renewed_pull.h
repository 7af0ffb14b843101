#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_RENEWED_PULL_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_RENEWED_PULL_H_

#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/registry/connection.h"
#include "agent/registry/oci/authorizer.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::cloud {

// An account for /v2/ that a cloud's API lends for a while.
struct TemporaryLogin {
  Credentials credentials;
  absl::Time until;
  oci::OciOptions options;
};

// The pull side of a registry whose account has to be renewed. Thread-safe.
class RenewedPull {
 public:
  using Login = std::function<absl::StatusOr<TemporaryLogin>()>;

  RenewedPull(Connection connection, base::Clock& clock, Login login)
      : connection_(std::move(connection)),
        clock_(clock),
        login_(std::move(login)) {}

  // With an account that is good for another while. A transfer that is under
  // way keeps the one that it began with.
  absl::StatusOr<std::shared_ptr<Registry>> Get();

 private:
  const Connection connection_;
  base::Clock& clock_;
  const Login login_;
  absl::Mutex mutex_;
  std::shared_ptr<Registry> registry_ ABSL_GUARDED_BY(mutex_);
  absl::Time renew_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_RENEWED_PULL_H_
