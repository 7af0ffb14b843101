#ifndef LANDWAITER_AGENT_REGISTRY_SWR_VERSION_H_
#define LANDWAITER_AGENT_REGISTRY_SWR_VERSION_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/registry/transport/api_client.h"

namespace landwaiter::agent::registry::swr {

// Whether there is SWR's API, and the user does not say that it is another
// version's. `api` sends no credentials. Errors are a connection's.
absl::Status CheckVersion(ApiClient& api, std::string_view said);

}  // namespace landwaiter::agent::registry::swr

#endif  // LANDWAITER_AGENT_REGISTRY_SWR_VERSION_H_
