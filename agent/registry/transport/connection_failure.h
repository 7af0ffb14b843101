#ifndef LANDWAITER_AGENT_REGISTRY_TRANSPORT_CONNECTION_FAILURE_H_
#define LANDWAITER_AGENT_REGISTRY_TRANSPORT_CONNECTION_FAILURE_H_

#include <string_view>

#include "absl/status/status.h"

// The connection codes of docs/reference/failures.md, for Registry::Verify.
namespace landwaiter::agent::registry {

// What Transport or ApiClient failed with, as a failure of the connection:
// NetworkConnectError with the same cause, "Protocol" if it had none; a
// Rejection is FailedToVerifyUsernameOrPwd.
// REQUIRES: it is not otherwise about credentials.
absl::Status AsConnectionFailure(const absl::Status& status);

// The other way round: what a connection's failure is to a listing or a pull,
// where login and rights are both a matter of Unauthorized. OK stays OK.
absl::Status AsListingFailure(const absl::Status& status);

// An answer that is not what the API says: NetworkConnectError, Protocol.
absl::Status UnexpectedAnswer(std::string_view what, int http_status);

absl::Status WrongCredentials(std::string_view message);  // ...UsernameOrPwd
absl::Status MissingAdminRole(std::string_view message);  // UserDoesNot...
absl::Status WrongVersion(std::string_view message);      // RegistryVersion...

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TRANSPORT_CONNECTION_FAILURE_H_
