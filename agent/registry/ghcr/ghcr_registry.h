#ifndef LANDWAITER_AGENT_REGISTRY_GHCR_GHCR_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_GHCR_GHCR_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry::ghcr {

// GitHub's container registry has no catalog: GitHub's REST API
// (docs.github.com/rest/packages) lists the packages of the account and of its
// organizations. The password is a classic personal access token with the
// scope read:packages (and read:org, for organizations).
struct Addresses {
  http::Url api;       // https://api.github.com
  http::Url registry;  // https://ghcr.io
};

// connection.http.base may be ghcr.io or github.com; INVALID_ARGUMENT for
// another one, and without credentials.
absl::StatusOr<std::unique_ptr<Registry>> NewGhcrRegistry(Connection connection,
                                                          base::Clock& clock);
// With addresses of its own: for tests.
absl::StatusOr<std::unique_ptr<Registry>> NewGhcrRegistry(
    Connection connection, const Addresses& addresses, base::Clock& clock);

}  // namespace landwaiter::agent::registry::ghcr

#endif  // LANDWAITER_AGENT_REGISTRY_GHCR_GHCR_REGISTRY_H_
