#include "operator/kube/status.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

constexpr char kReasonUrl[] = "landwaiter.dev/kubernetes-reason";
constexpr char kRetryAfterUrl[] = "landwaiter.dev/retry-after";
// What the API server says of a resourceVersion ahead of its cache, as the
// type of a cause (or, from old servers, as the message).
constexpr char kTooLarge[] = "ResourceVersionTooLarge";

absl::StatusCode CodeOf(int http, std::string_view reason) {
  switch (http) {
    case 401:
      return absl::StatusCode::kUnauthenticated;
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kNotFound;
    case 409:
      return reason == "AlreadyExists" ? absl::StatusCode::kAlreadyExists
                                       : absl::StatusCode::kAborted;
    case 410:
      return absl::StatusCode::kFailedPrecondition;
    case 429:
      return absl::StatusCode::kResourceExhausted;
    case 504:
      return absl::StatusCode::kDeadlineExceeded;
    default:
      return http >= 500 ? absl::StatusCode::kUnavailable
                         : absl::StatusCode::kInvalidArgument;
  }
}

bool HasTooLargeCause(const Json& status) {
  const Json* causes = Find(status, {"details", "causes"});
  if (causes != nullptr && causes->is_array()) {
    for (const Json& cause : *causes) {
      if (StringAt(cause, {"reason"}) == kTooLarge) return true;
    }
  }
  return base::Contains(StringAt(status, {"message"}),
                        "Too large resource version");
}

std::optional<absl::Duration> RetryAfterIn(const Json& status) {
  const Json* seconds = Find(status, {"details", "retryAfterSeconds"});
  if (seconds == nullptr || !seconds->is_number_integer()) return std::nullopt;
  return absl::Seconds(seconds->get<int64_t>());
}

absl::Status FromStatusObject(int code, const Json& status) {
  std::string reason = StringAt(status, {"reason"});
  if (HasTooLargeCause(status)) reason = kTooLarge;
  absl::Status result = StatusWithReason(
      CodeOf(code, reason), reason,
      StringAt(status, {"message"},
               absl::StrCat("the API server answered ", code)));
  if (auto delay = RetryAfterIn(status)) {
    result = WithRetryAfter(std::move(result), *delay);
  }
  return result;
}

}  // namespace

absl::Status StatusWithReason(absl::StatusCode code, std::string_view reason,
                              std::string_view message) {
  absl::Status status(code, base::ToAbsl(message));
  if (!reason.empty()) {
    status.SetPayload(kReasonUrl, absl::Cord(base::ToAbsl(reason)));
  }
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  auto payload = status.GetPayload(kReasonUrl);
  return payload.has_value() ? std::string(*payload) : std::string();
}

std::optional<absl::Duration> RetryAfterOf(const absl::Status& status) {
  auto payload = status.GetPayload(kRetryAfterUrl);
  if (!payload.has_value()) return std::nullopt;
  absl::Duration delay;
  if (!absl::ParseDuration(std::string(*payload), &delay)) return std::nullopt;
  return delay;
}

absl::Status WithRetryAfter(absl::Status status, absl::Duration delay) {
  const std::string text = absl::FormatDuration(delay);
  status.SetPayload(kRetryAfterUrl, absl::Cord(absl::string_view(text)));
  return status;
}

absl::Status StatusOfAnswer(int code, std::string_view body,
                            std::optional<absl::Duration> retry_after) {
  Json parsed = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  absl::Status status = FromStatusObject(
      code, StringAt(parsed, {"kind"}) == "Status" ? parsed : Json::object());
  if (retry_after.has_value()) {
    status = WithRetryAfter(std::move(status), *retry_after);
  }
  return status;
}

absl::Status StatusOfObject(const Json& status) {
  const Json* code = Find(status, {"code"});
  if (code == nullptr || !code->is_number_integer()) {
    return absl::InternalError("the API server sent an error without a code");
  }
  return FromStatusObject(code->get<int>(), status);
}

bool IsExpired(const absl::Status& status) {
  return absl::IsFailedPrecondition(status);
}

bool IsTooLargeResourceVersion(const absl::Status& status) {
  return ReasonOf(status) == kTooLarge;
}

bool IsConflict(const absl::Status& status) { return absl::IsAborted(status); }

}  // namespace landwaiter::kube
