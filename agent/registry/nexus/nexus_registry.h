#ifndef LANDWAITER_AGENT_REGISTRY_NEXUS_NEXUS_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_NEXUS_NEXUS_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::nexus {

// The Docker repositories of a Sonatype Nexus 3, each an OCI registry below
// /repository/NAME/v2/. Repositories are named NAME/image. What groups have is
// listed where it is, in their members: lists of groups do not page
// (sonatype/nexus-public#117). INVALID_ARGUMENT for a connection that cannot be
// used.
absl::StatusOr<std::unique_ptr<Registry>> NewNexusRegistry(
    Connection connection, base::Clock& clock);

}  // namespace landwaiter::agent::registry::nexus

#endif  // LANDWAITER_AGENT_REGISTRY_NEXUS_NEXUS_REGISTRY_H_
