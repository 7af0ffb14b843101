#ifndef LANDWAITER_AGENT_REGISTRY_JFROG_JFROG_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_JFROG_JFROG_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::jfrog {

// JFrog Artifactory: the images of its repositories of package types Docker
// and OCI, local and federated ones first, then what remote ones have cached.
// A name is "<repository key>/<image>". Virtual repositories only show again
// what the others hold, and are left out.
//
// The API is asked below /artifactory, and images are pulled there too
// (/artifactory/api/docker/<key>/v2/), which needs no rule of a reverse proxy.
// The account must be an administrator; a token may stand in the password's
// place.
absl::StatusOr<std::unique_ptr<Registry>> NewJfrogRegistry(
    Connection connection, base::Clock& clock);

}  // namespace landwaiter::agent::registry::jfrog

#endif  // LANDWAITER_AGENT_REGISTRY_JFROG_JFROG_REGISTRY_H_
