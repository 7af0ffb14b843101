#ifndef LANDWAITER_AGENT_REGISTRY_JFROG_VERIFY_H_
#define LANDWAITER_AGENT_REGISTRY_JFROG_VERIFY_H_

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::jfrog {

// Registry::Verify with the connection's own `api`.
absl::StatusOr<Verification> Verify(const Connection& connection,
                                    ApiClient& api, base::Clock& clock);

}  // namespace landwaiter::agent::registry::jfrog

#endif  // LANDWAITER_AGENT_REGISTRY_JFROG_VERIFY_H_
