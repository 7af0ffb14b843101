#ifndef LANDWAITER_AGENT_REGISTRY_CONNECTION_H_
#define LANDWAITER_AGENT_REGISTRY_CONNECTION_H_

#include <string>

#include "core/http/client.h"

namespace landwaiter::agent::registry {

// An account. A secret: it has no way of being printed.
struct Credentials {
  std::string username;
  std::string password;
  bool empty() const { return username.empty() && password.empty(); }
};

// Where a registry is and how it is reached, whatever its type.
struct Connection {
  http::ClientOptions http;  // base: scheme, host and port of the registry
  Credentials credentials;
};

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_CONNECTION_H_
