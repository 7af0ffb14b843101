#ifndef LANDWAITER_AGENT_INSPECT_DOCKER_CREDENTIALS_H_
#define LANDWAITER_AGENT_INSPECT_DOCKER_CREDENTIALS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"

namespace landwaiter::agent::inspect {

// The files in which docker and podman keep accounts, in the order in which
// they are looked into: $REGISTRY_AUTH_FILE alone if it is set; else
// $XDG_RUNTIME_DIR/containers/auth.json, $DOCKER_CONFIG/config.json or
// ~/.docker/config.json.
std::vector<std::string> DockerConfigFiles();

// The account that the first of `files` names for the repository, as the two
// tools look it up: the credential helper of the host (credHelpers), the most
// special entry of "auths" ("host/team/app" before "host/team" before "host";
// Docker Hub is "https://index.docker.io/v1/"), the common helper
// (credsStore). Helpers are the programs docker-credential-NAME on the PATH.
// Empty if none names one; a file that is not there names none.
//
// INVALID_ARGUMENT for a file that is no such configuration, for an entry that
// cannot be used (an identity token), and for a helper that fails otherwise
// than by knowing nothing. Messages never hold what a file or a helper said of
// an account.
absl::StatusOr<registry::Credentials> FindDockerCredentials(
    const std::vector<std::string>& files, std::string_view host,
    std::string_view repository);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_DOCKER_CREDENTIALS_H_
