#include "agent/registry/transport/authorization.h"

#include "absl/strings/escaping.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {
namespace {

constexpr std::string_view kCause = "Credentials";

}  // namespace

absl::Status Rejection(std::string_view message) {
  return base::Failure(base::FailureCode::kUnauthorized, message, kCause);
}

bool IsRejection(const absl::Status& status) {
  return !status.ok() &&
         base::FailureCodeOf(status) == base::FailureCode::kUnauthorized &&
         base::FailureCauseOf(status) == kCause;
}

http::Headers BasicHeaders(const Credentials& credentials) {
  if (credentials.empty()) return {};
  return {
      {"Authorization", base::StrCat("Basic ", absl::Base64Escape(base::StrCat(
                                                   credentials.username, ":",
                                                   credentials.password)))}};
}

}  // namespace landwaiter::agent::registry
