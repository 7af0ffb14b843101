#include "agent/registry/hosted/pull_side.h"

#include <string>

#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::hosted {

http::ClientOptions OptionsFor(const http::ClientOptions& given,
                               const http::Url& origin) {
  http::ClientOptions options = given;
  options.base = origin;
  options.base.target.clear();
  if (origin.SameOrigin(given.base)) return options;
  options.connect_ip.clear();
  options.connect_port = 0;
  options.tls.server_name.clear();
  options.tls.client_certificate_pem.clear();
  options.tls.client_key_pem.clear();
  return options;
}

absl::Status AsVerifyFailure(const absl::Status& status) {
  switch (base::FailureCodeOf(status)) {
    case base::FailureCode::kFailedToVerifyUsernameOrPwd:
    case base::FailureCode::kRegistryVersionError:
    case base::FailureCode::kUserDoesNotHaveAdminRole:
      return status;
    case base::FailureCode::kUnauthorized:
      return MissingAdminRole(base::ToStd(status.message()));
    default:
      return AsConnectionFailure(status);
  }
}

std::optional<absl::Time> TimeIn(std::string_view text) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, base::ToAbsl(text), &time, &error)) {
    return time;
  }
  return std::nullopt;
}

}  // namespace landwaiter::agent::registry::hosted
