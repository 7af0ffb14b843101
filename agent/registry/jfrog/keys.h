#ifndef LANDWAITER_AGENT_REGISTRY_JFROG_KEYS_H_
#define LANDWAITER_AGENT_REGISTRY_JFROG_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/registry/transport/api_client.h"

namespace landwaiter::agent::registry::jfrog {

// An Artifactory repository that holds images.
struct Key {
  std::string name;    // first segment of a name; a remote one's ends in -cache
  std::string prefix;  // "/artifactory/api/docker/<name>": /v2/ is below it
  bool remote = false;
};

struct Keys {
  std::vector<Key> keys;  // local and federated ones, then remote; by name
  // Keys that cannot be the first segment of an image's name.
  std::vector<std::string> unusable;
};

// Asks which there are. Only what the account may see is told, so whoever
// believes the list must know that it is an administrator's.
absl::StatusOr<Keys> ListKeys(ApiClient& api);

// Whether the account is an administrator. A status that tells neither is
// answered with the failure for it.
absl::StatusOr<bool> IsAdministrator(ApiClient& api, std::string_view username);

}  // namespace landwaiter::agent::registry::jfrog

#endif  // LANDWAITER_AGENT_REGISTRY_JFROG_KEYS_H_
