#ifndef LANDWAITER_AGENT_REGISTRY_GITLAB_SITE_H_
#define LANDWAITER_AGENT_REGISTRY_GITLAB_SITE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "core/base/clock.h"
#include "core/http/client.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry::gitlab {

// A GitLab has two addresses: its own and its registry's.
struct Site {
  http::Url gitlab;    // origin
  std::string api;     // path of the REST API there: "/api/v4"
  http::Url registry;  // origin; host is empty while it is not known
};

// Finds GitLab from the address that the user gave, which is GitLab's (then
// the registry is found later, see RegistryAt) or the registry's (whose
// challenge names GitLab). Sends no credentials. Errors: RegistryVersionError
// if there is no GitLab, NetworkConnectError, RateLimited.
absl::StatusOr<Site> FindSite(const Connection& connection, base::Clock& clock);

// The origin of the registry by the `location` that GitLab gives for the
// repository `path` ("registry.example.com:5050/group/project").
absl::StatusOr<http::Url> RegistryAt(const http::Url& gitlab,
                                     std::string_view location,
                                     std::string_view path);

// Whether the answer is GitLab's refusal of an address that failed to log in
// too often: 403 in plain text, where its APIs answer in JSON.
bool IsBan(const http::Response& response);
absl::Status BanFailure();

}  // namespace landwaiter::agent::registry::gitlab

#endif  // LANDWAITER_AGENT_REGISTRY_GITLAB_SITE_H_
