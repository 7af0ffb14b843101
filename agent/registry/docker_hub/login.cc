#include "agent/registry/docker_hub/login.h"

#include <nlohmann/json.hpp>

#include "agent/registry/transport/api_client.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::docker_hub {

using base::Failure;
using base::FailureCode;

absl::StatusOr<std::string> Login::Fetch() {
  LANDWAITER_ASSIGN_OR_RETURN(const auto client,
                              http::NewClient(connection_.http));
  http::Request request{.method = "POST",
                        .target = "/v2/auth/token",
                        .content_type = "application/json"};
  request.body =
      nlohmann::json{{"identifier", connection_.credentials.username},
                     {"secret", connection_.credentials.password}}
          .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              client->Send(request, 64 << 10));
  if (response.status == 401 || response.status == 400) {
    return Failure(FailureCode::kUnauthorized,
                   "Docker Hub refuses the user name or the password",
                   kRefused);
  }
  if (response.status == 429) {
    return Failure(FailureCode::kRateLimited,
                   "Docker Hub asks to wait before another login");
  }
  if (response.status != 200) {
    return StatusFailure(response.status, "login at Docker Hub");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              JsonOf(response, "a token of Docker Hub"));
  std::string token = TextAt(json, "access_token");
  const bool usable = !token.empty() &&
                      token.find_first_not_of(
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                          "0123456789-._~+/=") == token.npos;
  if (!usable) {
    return Failure(FailureCode::kNetworkError, "Docker Hub gives no token",
                   "Protocol");
  }
  return token;
}

absl::Status Login::Authorize(const std::string&, http::Request& request) {
  absl::MutexLock lock(&mutex_);
  LANDWAITER_RETURN_IF_ERROR(rejected_);
  if (token_.empty()) {
    auto token = Fetch();
    if (!token.ok()) {
      if (base::FailureCauseOf(token.status()) == kRefused) {
        rejected_ = token.status();
      }
      return token.status();
    }
    token_ = *std::move(token);
  }
  request.headers.emplace_back("Authorization",
                               base::StrCat("Bearer ", token_));
  return absl::OkStatus();
}

absl::StatusOr<Authorization::Answer> Login::Refused(const http::Response&,
                                                     const std::string&,
                                                     const http::Request& sent,
                                                     bool& rejected) {
  rejected = false;
  const std::string* header = http::FindHeader(sent.headers, "Authorization");
  absl::MutexLock lock(&mutex_);
  // Another request may have a new one already.
  if (header != nullptr && *header == base::StrCat("Bearer ", token_)) {
    token_.clear();
  }
  return Answer::kTryAgain;
}

}  // namespace landwaiter::agent::registry::docker_hub
