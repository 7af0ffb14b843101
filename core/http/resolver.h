#ifndef LANDWAITER_CORE_HTTP_RESOLVER_H_
#define LANDWAITER_CORE_HTTP_RESOLVER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/http/client.h"

namespace landwaiter::http {

// The address that a host is by itself, in any notation that the system takes
// for one ("0x7f.1", "2130706433"); empty for a name. Does not block.
std::string NumericAddress(const std::string& host);

// The numeric addresses of a host, in the order of preference that the system
// gives (RFC 6724); a numeric host is its own answer. NetworkConnectError with
// cause Dns if there is none.
absl::StatusOr<std::vector<std::string>> ResolveHost(const std::string& host);

// What `resolver` says within `timeout`, else NetworkConnectError with cause
// Timeout. The lookup itself cannot be ended (getaddrinfo waits for name
// servers as resolv.conf says): it goes on in a thread of its own, at most
// kMaxLookups of them at a time.
inline constexpr int kMaxLookups = 64;
absl::StatusOr<std::vector<std::string>> ResolveWithin(Resolver resolver,
                                                       const std::string& host,
                                                       absl::Duration timeout);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_RESOLVER_H_
