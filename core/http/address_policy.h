#ifndef LANDWAITER_CORE_HTTP_ADDRESS_POLICY_H_
#define LANDWAITER_CORE_HTTP_ADDRESS_POLICY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/http/client.h"
#include "core/http/ip_address.h"

namespace landwaiter::http {

// What is wrong with connecting to an address that somebody else named: it is
// the machine itself, its link, a cloud's metadata service, or nobody's. Empty
// for an ordinary address, private ones included (registries live there). An
// IPv4 address is found inside an IPv6 one too: IPv4-mapped, -compatible and
// -translated, NAT64, 6to4, Teredo, ISATAP. (NAT64 with a network's own prefix
// cannot be told from an ordinary address.)
std::string_view ForbiddenKind(const IpAddress& address);

// The policy that refuses those (NetworkConnectError, cause BlockedAddress),
// unless one of the blocks in `allowed` ("10.0.0.0/8", "::1") holds the
// address, or the IPv4 address within. `setting` names in the message where an
// administrator allows them. INVALID_ARGUMENT for a block that is none.
absl::StatusOr<AddressPolicy> NewAddressPolicy(
    const std::vector<std::string>& allowed, std::string_view setting);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_ADDRESS_POLICY_H_
