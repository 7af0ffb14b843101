#ifndef LANDWAITER_AGENT_REGISTRY_SWR_ENTERPRISE_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_SWR_ENTERPRISE_REGISTRY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::swr {

// An instance of the Enterprise edition of Huawei Cloud's SWR, in a region:
// connection.instance_id. The cloud's API lists it, and lends an account to
// pull with, which is shown to the instance's own address and no other.
// INVALID_ARGUMENT for what cannot be the id of one. REQUIRES:
// IsRegion(region).
absl::StatusOr<std::unique_ptr<Registry>> NewEnterpriseRegistry(
    Connection connection, std::string region, base::Clock& clock);

}  // namespace landwaiter::agent::registry::swr

#endif  // LANDWAITER_AGENT_REGISTRY_SWR_ENTERPRISE_REGISTRY_H_
