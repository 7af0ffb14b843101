#include "core/base/failure.h"

#include <array>

#include "absl/strings/cord.h"
#include "core/base/strings.h"

namespace landwaiter::base {
namespace {

constexpr std::string_view kCodePayload = "landwaiter.dev/failure-code";
constexpr std::string_view kCausePayload = "landwaiter.dev/failure-cause";
constexpr std::string_view kRetryAfterPayload = "landwaiter.dev/retry-after";

struct Entry {
  FailureCode code;
  std::string_view name;
  absl::StatusCode canonical;
  bool retryable;
};

constexpr std::array kEntries = {
    Entry{FailureCode::kFailedToVerifyUsernameOrPwd,
          "FailedToVerifyUsernameOrPwd", absl::StatusCode::kUnauthenticated,
          false},
    Entry{FailureCode::kRegistryVersionError, "RegistryVersionError",
          absl::StatusCode::kFailedPrecondition, false},
    Entry{FailureCode::kUserDoesNotHaveAdminRole, "UserDoesNotHaveAdminRole",
          absl::StatusCode::kPermissionDenied, false},
    Entry{FailureCode::kNetworkConnectError, "NetworkConnectError",
          absl::StatusCode::kUnavailable, true},
    Entry{FailureCode::kScanComponentMissing, "ScanComponentMissing",
          absl::StatusCode::kFailedPrecondition, false},
    Entry{FailureCode::kClusterNotRunning, "ClusterNotRunning",
          absl::StatusCode::kFailedPrecondition, true},
    Entry{FailureCode::kUnauthorized, "Unauthorized",
          absl::StatusCode::kUnauthenticated, false},
    Entry{FailureCode::kNotFound, "NotFound", absl::StatusCode::kNotFound,
          false},
    Entry{FailureCode::kRateLimited, "RateLimited",
          absl::StatusCode::kResourceExhausted, true},
    Entry{FailureCode::kNetworkError, "NetworkError",
          absl::StatusCode::kUnavailable, true},
    Entry{FailureCode::kDigestMismatch, "DigestMismatch",
          absl::StatusCode::kDataLoss, true},
    Entry{FailureCode::kDiffIdMismatch, "DiffIdMismatch",
          absl::StatusCode::kDataLoss, false},
    Entry{FailureCode::kCorruptLayer, "CorruptLayer",
          absl::StatusCode::kDataLoss, false},
    Entry{FailureCode::kLimitExceeded, "LimitExceeded",
          absl::StatusCode::kOutOfRange, false},
    Entry{FailureCode::kUnsupportedMedia, "UnsupportedMedia",
          absl::StatusCode::kUnimplemented, false},
    Entry{FailureCode::kUnsupportedPlatform, "UnsupportedPlatform",
          absl::StatusCode::kUnimplemented, false},
    Entry{FailureCode::kParserCrashed, "ParserCrashed",
          absl::StatusCode::kInternal, false},
    Entry{FailureCode::kDeadlineExceeded, "DeadlineExceeded",
          absl::StatusCode::kDeadlineExceeded, true},
    Entry{FailureCode::kQuotaExhausted, "QuotaExhausted",
          absl::StatusCode::kResourceExhausted, false},
    Entry{FailureCode::kNoAdvisoryData, "NoAdvisoryData",
          absl::StatusCode::kFailedPrecondition, false},
    Entry{FailureCode::kInternal, "Internal", absl::StatusCode::kInternal,
          true},
};

const Entry& Find(FailureCode code) {
  for (const Entry& entry : kEntries) {
    if (entry.code == code) return entry;
  }
  return kEntries.back();
}

// The code for a status that a library or the standard made.
FailureCode CodeForCanonical(absl::StatusCode canonical) {
  switch (canonical) {
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return FailureCode::kUnauthorized;
    case absl::StatusCode::kNotFound:
      return FailureCode::kNotFound;
    case absl::StatusCode::kUnavailable:
      return FailureCode::kNetworkError;
    case absl::StatusCode::kDeadlineExceeded:
      return FailureCode::kDeadlineExceeded;
    case absl::StatusCode::kDataLoss:
      return FailureCode::kCorruptLayer;
    case absl::StatusCode::kOutOfRange:
      return FailureCode::kLimitExceeded;
    case absl::StatusCode::kUnimplemented:
      return FailureCode::kUnsupportedMedia;
    default:
      return FailureCode::kInternal;
  }
}

void CopyPayloads(const absl::Status& from, absl::Status& to) {
  from.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    to.SetPayload(url, payload);
  });
}

}  // namespace

std::string_view ToString(FailureCode code) { return Find(code).name; }

std::optional<FailureCode> FailureCodeFromString(std::string_view name) {
  for (const Entry& entry : kEntries) {
    if (entry.name == name) return entry.code;
  }
  return std::nullopt;
}

bool IsRetryable(FailureCode code) { return Find(code).retryable; }

absl::Status Failure(FailureCode code, std::string_view message,
                     std::string_view cause) {
  absl::Status status(Find(code).canonical, ToAbsl(message));
  status.SetPayload(ToAbsl(kCodePayload), absl::Cord(ToAbsl(ToString(code))));
  if (!cause.empty())
    status.SetPayload(ToAbsl(kCausePayload), absl::Cord(ToAbsl(cause)));
  return status;
}

bool HasFailureCode(const absl::Status& status) {
  return status.GetPayload(ToAbsl(kCodePayload)).has_value();
}

FailureCode FailureCodeOf(const absl::Status& status) {
  if (auto payload = status.GetPayload(ToAbsl(kCodePayload))) {
    if (auto code = FailureCodeFromString(std::string(*payload))) return *code;
  }
  return CodeForCanonical(status.code());
}

std::string FailureCauseOf(const absl::Status& status) {
  auto payload = status.GetPayload(ToAbsl(kCausePayload));
  return payload ? std::string(*payload) : std::string();
}

absl::Status WithRetryAfter(absl::Status status, absl::Duration wait) {
  if (status.ok() || wait <= absl::ZeroDuration()) return status;
  const std::string seconds = StrCat(absl::ToInt64Seconds(wait));
  status.SetPayload(ToAbsl(kRetryAfterPayload), absl::Cord(ToAbsl(seconds)));
  return status;
}

absl::Duration RetryAfterOf(const absl::Status& status) {
  const auto payload = status.GetPayload(ToAbsl(kRetryAfterPayload));
  if (!payload) return absl::ZeroDuration();
  return absl::Seconds(ParseInt64(std::string(*payload)).value_or(0));
}

absl::Status WithContext(absl::Status status, std::string_view context) {
  if (status.ok()) return status;
  absl::Status result(status.code(), StrCat(context, ": ", status.message()));
  CopyPayloads(status, result);
  return result;
}

}  // namespace landwaiter::base
