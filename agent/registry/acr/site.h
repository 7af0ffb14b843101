#ifndef LANDWAITER_AGENT_REGISTRY_ACR_SITE_H_
#define LANDWAITER_AGENT_REGISTRY_ACR_SITE_H_

#include <string>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::acr {

// What a registry of Alibaba's is, by its own word.
struct Site {
  bool enterprise = false;
  std::string region;       // valid
  std::string instance_id;  // "cri-...", of the Enterprise edition

  std::string_view Edition() const {
    return enterprise ? "Enterprise" : "Personal";
  }
};

// Asks /v2/, without credentials. Errors are a connection's:
// RegistryVersionError if it is not Alibaba's, or not what `connection` says.
absl::StatusOr<Site> FindSite(const Connection& connection, base::Clock& clock);

}  // namespace landwaiter::agent::registry::acr

#endif  // LANDWAITER_AGENT_REGISTRY_ACR_SITE_H_
