#ifndef LANDWAITER_AGENT_REGISTRY_OCI_CHALLENGE_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_CHALLENGE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/client.h"

namespace landwaiter::agent::registry::oci {

// One challenge of a WWW-Authenticate header (RFC 9110 section 11.6.1):
// Bearer realm="https://auth/token",service="s",scope="repository:a:pull".
struct Challenge {
  std::string scheme;  // lower case: "bearer", "basic"
  std::map<std::string, std::string> parameters;  // names in lower case

  const std::string& Parameter(const std::string& name) const;
};

// All challenges of an answer, in order: a header may hold several, and there
// may be several headers. What cannot be read is left out.
std::vector<Challenge> ReadChallenges(const http::Headers& headers);

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_CHALLENGE_H_
