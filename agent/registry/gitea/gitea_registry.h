#ifndef LANDWAITER_AGENT_REGISTRY_GITEA_GITEA_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_GITEA_GITEA_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::gitea {

// The registry of a Gitea or Forgejo: an OCI registry whose catalog has what
// the account may see, at the address of its API, which says who the account
// is (docs.gitea.com/api). The password may be an access token with the scopes
// read:package and read:user. INVALID_ARGUMENT for a connection that cannot be
// used.
absl::StatusOr<std::unique_ptr<Registry>> NewGiteaRegistry(
    Connection connection, base::Clock& clock);

}  // namespace landwaiter::agent::registry::gitea

#endif  // LANDWAITER_AGENT_REGISTRY_GITEA_GITEA_REGISTRY_H_
