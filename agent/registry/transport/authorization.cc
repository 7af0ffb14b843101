#include "agent/registry/transport/authorization.h"

#include "absl/strings/escaping.h"
#include "agent/registry/transport/refused_logins.h"
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

std::string BasicLogin(const Credentials& credentials) {
  if (credentials.empty()) return "";
  return base::StrCat("Basic ",
                      absl::Base64Escape(base::StrCat(credentials.username, ":",
                                                      credentials.password)));
}

http::Headers BasicHeaders(const Credentials& credentials) {
  if (credentials.empty()) return {};
  return {{"Authorization", BasicLogin(credentials)}};
}

BasicAuthorization::BasicAuthorization(const Connection& connection)
    : FixedAuthorization(BasicHeaders(connection.credentials)),
      host_(connection.http.base.host),
      login_(BasicLogin(connection.credentials)),
      refused_(RefusedLoginsOf(connection)) {}

absl::Status BasicAuthorization::Authorize(const std::string& scope,
                                           http::Request& request) {
  if (!login_.empty() && refused_->Contains(host_, login_)) {
    return Rejection("the registry refuses the user name or the password");
  }
  return FixedAuthorization::Authorize(scope, request);
}

absl::StatusOr<Authorization::Answer> BasicAuthorization::Refused(
    const http::Response& response, const std::string& scope,
    const http::Request& sent, bool& rejected) {
  {
    absl::MutexLock lock(&mutex_);
    if (!proved_ && !login_.empty()) refused_->Add(host_, login_);
  }
  return FixedAuthorization::Refused(response, scope, sent, rejected);
}

void BasicAuthorization::Passed(const http::Request&) {
  absl::MutexLock lock(&mutex_);
  proved_ = true;
}

}  // namespace landwaiter::agent::registry
