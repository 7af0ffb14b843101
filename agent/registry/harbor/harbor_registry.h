#ifndef LANDWAITER_AGENT_REGISTRY_HARBOR_HARBOR_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_HARBOR_HARBOR_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::harbor {

// Harbor 1.10 (V1) and 2.x (V2), by its API; images are pulled as from any OCI
// registry. connection.version decides between the two, else /api/version is
// asked once. Sources: Harbor's swagger files of both versions, and exchanges
// recorded with 1.10.19 and 2.15.2.
absl::StatusOr<std::unique_ptr<Registry>> NewHarborRegistry(
    Connection connection, base::Clock& clock);

}  // namespace landwaiter::agent::registry::harbor

#endif  // LANDWAITER_AGENT_REGISTRY_HARBOR_HARBOR_REGISTRY_H_
