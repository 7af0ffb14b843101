#ifndef LANDWAITER_AGENT_REGISTRY_QUAY_QUAY_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_QUAY_QUAY_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::quay {

// Quay. With tokens, the organizations that they are for are listed through
// its API, each with its own OAuth token; without, what the account itself has
// a right to is listed through /v2/_catalog. Images are pulled with the account
// (a user, a robot, or "$oauthtoken" with an OAuth token); with the token of
// their organization if there is none, or if it is another organization's
// robot. INVALID_ARGUMENT for a token whose name is no namespace.
absl::StatusOr<std::unique_ptr<Registry>> NewQuayRegistry(Connection connection,
                                                          base::Clock& clock);

}  // namespace landwaiter::agent::registry::quay

#endif  // LANDWAITER_AGENT_REGISTRY_QUAY_QUAY_REGISTRY_H_
