#include "agent/registry/cloud/renewed_pull.h"

#include <algorithm>
#include <utility>

#include "agent/registry/oci/oci_registry.h"
#include "core/base/failure.h"

namespace landwaiter::agent::registry::cloud {

absl::StatusOr<std::shared_ptr<Registry>> RenewedPull::Get() {
  // Whoever else wants it meanwhile would ask for the same login.
  absl::MutexLock lock(&mutex_);
  if (registry_ != nullptr && clock_.Now() < renew_at_) return registry_;
  LANDWAITER_ASSIGN_OR_RETURN(TemporaryLogin login, login_());
  Connection connection = connection_;
  connection.credentials = std::move(login.credentials);
  LANDWAITER_ASSIGN_OR_RETURN(registry_,
                              oci::NewOciRegistry(std::move(connection), clock_,
                                                  std::move(login.options)));
  const absl::Duration life = login.until - clock_.Now();
  renew_at_ =
      clock_.Now() + std::clamp(life * 0.8, absl::Minutes(1), absl::Hours(12));
  return registry_;
}

}  // namespace landwaiter::agent::registry::cloud
