#include "agent/registry/transport/connection_failure.h"

#include "agent/registry/transport/authorization.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {

using base::Failure;
using base::FailureCode;

absl::Status AsConnectionFailure(const absl::Status& status) {
  if (IsRejection(status)) {
    return WrongCredentials(base::ToStd(status.message()));
  }
  if (base::FailureCodeOf(status) == FailureCode::kNetworkConnectError) {
    return status;
  }
  const std::string cause = base::FailureCauseOf(status);
  return Failure(FailureCode::kNetworkConnectError,
                 base::ToStd(status.message()),
                 cause.empty() ? "Protocol" : cause);
}

absl::Status AsListingFailure(const absl::Status& status) {
  if (status.ok()) return status;
  const FailureCode code = base::FailureCodeOf(status);
  if (code != FailureCode::kFailedToVerifyUsernameOrPwd &&
      code != FailureCode::kUserDoesNotHaveAdminRole) {
    return status;
  }
  return Failure(FailureCode::kUnauthorized, base::ToStd(status.message()),
                 base::FailureCauseOf(status));
}

absl::Status UnexpectedAnswer(std::string_view what, int http_status) {
  return Failure(FailureCode::kNetworkConnectError,
                 base::StrCat(what, " answers ", http_status), "Protocol");
}

absl::Status WrongCredentials(std::string_view message) {
  return Failure(FailureCode::kFailedToVerifyUsernameOrPwd, message);
}

absl::Status MissingAdminRole(std::string_view message) {
  return Failure(FailureCode::kUserDoesNotHaveAdminRole, message);
}

absl::Status WrongVersion(std::string_view message) {
  return Failure(FailureCode::kRegistryVersionError, message);
}

}  // namespace landwaiter::agent::registry
