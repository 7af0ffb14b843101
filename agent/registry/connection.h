#ifndef LANDWAITER_AGENT_REGISTRY_CONNECTION_H_
#define LANDWAITER_AGENT_REGISTRY_CONNECTION_H_

#include <memory>
#include <string>
#include <vector>

#include "core/http/client.h"

namespace landwaiter::agent::registry {

class Manners;
class RefusedLogins;

// An account. A secret: it has no way of being printed.
struct Credentials {
  std::string username;
  std::string password;
  bool empty() const { return username.empty() && password.empty(); }
};

// A token that is valid for a part of a registry: a Quay organization, a
// GitLab group. The token is a secret.
struct ScopedToken {
  std::string name;
  std::string token;
};

// Where a registry is, how it is reached, and what the user said of it. A
// type ignores what is not its own.
struct Connection {
  http::ClientOptions http;  // base: scheme, host and port of the registry
  Credentials credentials;
  std::vector<ScopedToken> tokens;  // Quay, GitLab
  std::string version;              // "V1" or "V2"; empty: to be detected
  std::string region;               // of a cloud; may be empty
  bool private_network = false;     // the registry is reached in a VPC
  // ACR: "Enterprise" or "Personal"; SWR: "Enterprise" or "Shared"; else empty.
  std::string edition;
  std::string instance_id;     // of an Enterprise edition
  std::string google_project;  // empty: that of the service account
  // Registries of a cloud: where its APIs are, in place of the addresses that
  // they have. For tests: it never comes from a resource.
  std::string api_url;
  // How fast the registry is asked, shared by all that have a copy of this
  // connection; empty: each Transport keeps the default limits by itself.
  std::shared_ptr<Manners> manners;
  // Likewise, which logins are not to be sent again.
  std::shared_ptr<RefusedLogins> refused_logins;
};

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_CONNECTION_H_
