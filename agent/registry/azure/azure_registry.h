#ifndef LANDWAITER_AGENT_REGISTRY_AZURE_AZURE_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_AZURE_AZURE_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::azure {

// Azure Container Registry, whose own API (/acr/v1/) tells the digests of tags
// and when they were pushed:
// learn.microsoft.com/rest/api/containerregistry. The account is a service
// principal, the registry's admin user or one of its tokens.
// INVALID_ARGUMENT for a connection that cannot be used.
absl::StatusOr<std::unique_ptr<Registry>> NewAzureRegistry(
    Connection connection, base::Clock& clock);

}  // namespace landwaiter::agent::registry::azure

#endif  // LANDWAITER_AGENT_REGISTRY_AZURE_AZURE_REGISTRY_H_
