#ifndef LANDWAITER_AGENT_REGISTRY_OCI_OCI_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_OCI_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/oci/authorizer.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::oci {

// Any registry that speaks the OCI distribution-spec: Docker's distribution,
// zot, Gitea and the pull side of every other type. Anonymous, Basic and token
// authentication. Listing needs /v2/_catalog, which some hosted registries
// lack. INVALID_ARGUMENT for a connection that cannot be used.
absl::StatusOr<std::unique_ptr<Registry>> NewOciRegistry(
    Connection connection, base::Clock& clock, OciOptions options = {});

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_OCI_REGISTRY_H_
