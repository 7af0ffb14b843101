#ifndef LANDWAITER_CORE_HTTP_RESOLVER_H_
#define LANDWAITER_CORE_HTTP_RESOLVER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace landwaiter::http {

// The numeric addresses of a host, in the order of preference that the system
// gives (RFC 6724); a numeric host is its own answer. NetworkConnectError with
// cause Dns if there is none.
absl::StatusOr<std::vector<std::string>> ResolveHost(const std::string& host);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_RESOLVER_H_
