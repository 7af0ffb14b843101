#include "core/wire/rpc_status.h"

#include <optional>
#include <string>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/wire/time.h"
#include "landwaiter/v1/error.pb.h"
#include "landwaiter/v1/work.pb.h"

namespace landwaiter::wire {
namespace {

// A client takes 8 KiB of trailers by default, and the message is written
// there with escapes.
constexpr size_t kMaxMessage = 2000;
constexpr size_t kMaxDetails = 4096;
constexpr size_t kMaxCause = 64;

std::string Bounded(absl::string_view message) {
  return base::ToValidUtf8(base::ToStd(message.substr(0, kMaxMessage)));
}

std::string DetailsOf(const absl::Status& status) {
  v1::Failure failure;
  const base::FailureCode code = base::FailureCodeOf(status);
  failure.set_code(std::string(base::ToString(code)));
  failure.set_cause(
      base::ToValidUtf8(base::FailureCauseOf(status).substr(0, kMaxCause)));
  failure.set_retryable(base::IsRetryable(code));
  *failure.mutable_retry_after() = ToProto(base::RetryAfterOf(status));
  v1::ErrorStatus error;
  error.set_code(static_cast<int>(status.code()));
  error.add_details()->PackFrom(failure);
  return error.SerializeAsString();
}

std::optional<v1::Failure> FailureIn(const std::string& details) {
  v1::ErrorStatus error;
  if (details.size() > kMaxDetails || !error.ParseFromString(details)) {
    return std::nullopt;
  }
  for (const auto& detail : error.details()) {
    v1::Failure failure;
    if (detail.Is<v1::Failure>() && detail.UnpackTo(&failure)) return failure;
  }
  return std::nullopt;
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.code());
  if (!base::HasFailureCode(status)) return {code, Bounded(status.message())};
  return {code, Bounded(status.message()), DetailsOf(status)};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const absl::Status plain(static_cast<absl::StatusCode>(status.error_code()),
                           status.error_message());
  const auto failure = FailureIn(status.error_details());
  if (!failure) return plain;
  const auto code = base::FailureCodeFromString(failure->code());
  if (!code) return plain;
  const absl::Status typed =
      base::Failure(*code, status.error_message(),
                    base::Printable(failure->cause(), kMaxCause));
  if (typed.code() != plain.code()) return plain;
  return base::WithRetryAfter(typed, FromProto(failure->retry_after()));
}

}  // namespace landwaiter::wire
