#ifndef LANDWAITER_CORE_BASE_FAILURE_H_
#define LANDWAITER_CORE_BASE_FAILURE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace landwaiter::base {

// Why an image, or a connection to a registry, failed: the closed list that
// users meet in the status of custom resources (docs/reference/failures.md).
// Names are part of the API; ToString gives exactly the enumerator's name
// without the `k`.
enum class FailureCode {
  // Connection of a registry.
  kFailedToVerifyUsernameOrPwd,
  kRegistryVersionError,
  kUserDoesNotHaveAdminRole,
  kNetworkConnectError,
  kScanComponentMissing,
  kClusterNotRunning,
  // An image, or a repository being listed.
  kUnauthorized,
  kNotFound,
  kRateLimited,
  kNetworkError,
  kDigestMismatch,
  kDiffIdMismatch,
  kCorruptLayer,
  kLimitExceeded,
  kUnsupportedMedia,
  kUnsupportedPlatform,
  kParserCrashed,
  kDeadlineExceeded,
  kQuotaExhausted,
  kNoAdvisoryData,
  kInternal,
};

std::string_view ToString(FailureCode code);
// nullopt for a name that is not in the list (a newer peer's, say).
std::optional<FailureCode> FailureCodeFromString(std::string_view name);
// Whether trying the same thing again, unchanged, can succeed.
bool IsRetryable(FailureCode code);

// Makes a status that carries `code`. `cause` is the finer reason within the
// code (for kNetworkConnectError: Dns, Connect, Tls, Timeout, Protocol,
// BlockedAddress; for kLimitExceeded the limit's name), empty if none. The
// message is for people: what happened, with the offending value, never a
// secret and never the body of a response.
absl::Status Failure(FailureCode code, std::string_view message,
                     std::string_view cause = {});

// Whether Failure() made this status.
bool HasFailureCode(const absl::Status& status);
// The code that a status carries; for one without, a code that suits its
// canonical code (kInternal in the last resort). REQUIRES: !status.ok().
FailureCode FailureCodeOf(const absl::Status& status);
// The cause, or empty.
std::string FailureCauseOf(const absl::Status& status);

// How long whoever failed asked to wait before the next try (Retry-After);
// zero if it did not say.
absl::Status WithRetryAfter(absl::Status status, absl::Duration wait);
absl::Duration RetryAfterOf(const absl::Status& status);

// The same status with "`context`: " put before its message; payloads are
// kept. OK stays OK.
absl::Status WithContext(absl::Status status, std::string_view context);

}  // namespace landwaiter::base

// Returns from the enclosing function if `expr` is not OK.
#define LANDWAITER_RETURN_IF_ERROR(expr)                    \
  do {                                                      \
    if (absl::Status lw_status = (expr); !lw_status.ok()) { \
      return lw_status;                                     \
    }                                                       \
  } while (false)

#define LANDWAITER_CONCAT_INNER_(a, b) a##b
#define LANDWAITER_CONCAT_(a, b) LANDWAITER_CONCAT_INNER_(a, b)

// LANDWAITER_ASSIGN_OR_RETURN(auto x, StatusOrExpression());
#define LANDWAITER_ASSIGN_OR_RETURN(lhs, expr) \
  LANDWAITER_ASSIGN_OR_RETURN_IMPL_(           \
      LANDWAITER_CONCAT_(lw_status_or_, __LINE__), lhs, expr)
#define LANDWAITER_ASSIGN_OR_RETURN_IMPL_(result, lhs, expr) \
  auto result = (expr);                                      \
  if (!result.ok()) return std::move(result).status();       \
  lhs = *std::move(result)

#endif  // LANDWAITER_CORE_BASE_FAILURE_H_
