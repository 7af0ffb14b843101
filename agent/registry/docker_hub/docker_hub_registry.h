#ifndef LANDWAITER_AGENT_REGISTRY_DOCKER_HUB_DOCKER_HUB_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_DOCKER_HUB_DOCKER_HUB_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry::docker_hub {

// Docker Hub has no catalog: its own API (docs.docker.com/reference/api/hub)
// lists what the namespaces of the account hold. The account is a user with a
// password or, better, a personal access token.
struct Addresses {
  http::Url api;       // https://hub.docker.com
  http::Url registry;  // https://registry-1.docker.io
};

// connection.http.base may be any address of docker.io or docker.com;
// INVALID_ARGUMENT for another one, and without credentials.
absl::StatusOr<std::unique_ptr<Registry>> NewDockerHubRegistry(
    Connection connection, base::Clock& clock);
// With addresses of its own: for tests.
absl::StatusOr<std::unique_ptr<Registry>> NewDockerHubRegistry(
    Connection connection, const Addresses& addresses, base::Clock& clock);

}  // namespace landwaiter::agent::registry::docker_hub

#endif  // LANDWAITER_AGENT_REGISTRY_DOCKER_HUB_DOCKER_HUB_REGISTRY_H_
