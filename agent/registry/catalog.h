#ifndef LANDWAITER_AGENT_REGISTRY_CATALOG_H_
#define LANDWAITER_AGENT_REGISTRY_CATALOG_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "agent/registry/transport/manners.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry {

// How fast a registry of a type may be asked: what its vendor documents, or
// the default.
Manners::Limits LimitsOf(std::string_view type, std::string_view host);

// A registry of the type that an ImageRegistry names ("OCI", "Harbor", ...):
// the visible list to which a new type adds its line. UNIMPLEMENTED for a type
// that this release does not speak. `clock` must outlive the registry.
absl::StatusOr<std::unique_ptr<Registry>> NewRegistry(std::string_view type,
                                                      Connection connection,
                                                      base::Clock& clock);

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_CATALOG_H_
