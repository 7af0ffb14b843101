#ifndef LANDWAITER_AGENT_REGISTRY_GITLAB_GITLAB_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_GITLAB_GITLAB_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::gitlab {

// The container registry of a GitLab (15.0 or later), found through its REST
// API (docs.gitlab.com/api/container_registry).
//
// connection.http.base is GitLab's or the registry's own: either leads to the
// other. connection.tokens are groups by their full path with an access token
// each; connection.credentials, if given, is an administrator's personal
// access token in place of the password, for all groups that have no token of
// their own. Access tokens go to GitLab alone; the registry is shown what
// GitLab makes of them. INVALID_ARGUMENT without any of both, and for a
// connection that cannot be used.
absl::StatusOr<std::unique_ptr<Registry>> NewGitLabRegistry(
    Connection connection, base::Clock& clock);

}  // namespace landwaiter::agent::registry::gitlab

#endif  // LANDWAITER_AGENT_REGISTRY_GITLAB_GITLAB_REGISTRY_H_
