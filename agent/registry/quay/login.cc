#include "agent/registry/quay/login.h"

#include <nlohmann/json.hpp>

#include "agent/registry/oci/challenge.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::quay {
namespace {

// Tokens last an hour.
constexpr absl::Duration kTokenLasts = absl::Minutes(45);

// What Quay says of a refused login, in our words.
absl::Status RefusedLogin(const http::Response& response) {
  std::string why = "Quay refuses the user name or the password";
  if (base::Contains(response.body, "has expired")) {
    why = "Quay says that the token has expired";
  } else if (base::Contains(response.body, "has been disabled")) {
    why = "Quay says that the user has been disabled";
  } else if (base::Contains(response.body, "OAuth access token")) {
    why = "Quay does not know the token: it is wrong or has been revoked";
  } else if (base::Contains(response.body, "robot")) {
    why = "Quay refuses the robot's name or token";
  }
  return base::Failure(base::FailureCode::kUnauthorized, why);
}

}  // namespace

Login::Login(const Connection& connection, base::Clock& clock)
    : nobody_(connection, std::make_unique<FixedAuthorization>(http::Headers()),
              clock),
      account_(connection,
               std::make_unique<FixedAuthorization>(
                   BasicHeaders(connection.credentials)),
               clock) {}

// The name that the registry has for itself; a token for another is refused.
absl::StatusOr<std::string> Login::Service() {
  {
    absl::MutexLock lock(&mutex_);
    if (!service_.empty()) return service_;
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response root, nobody_.Get("/v2/"));
  for (const oci::Challenge& challenge : oci::ReadChallenges(root.headers)) {
    if (challenge.scheme != "bearer") continue;
    const std::string service = challenge.Parameter("service");
    if (service.empty()) break;
    absl::MutexLock lock(&mutex_);
    return service_ = service;
  }
  return base::Failure(
      base::FailureCode::kNetworkError,
      base::StrCat("/v2/ answers ", root.status,
                   " and does not say where to get a token of the registry"),
      "Protocol");
}

absl::StatusOr<std::string> Login::FetchToken(bool& refused) {
  refused = false;
  LANDWAITER_ASSIGN_OR_RETURN(const std::string service, Service());
  auto response = account_.Get(
      base::StrCat("/v2/auth?service=", http::EscapeComponent(service)));
  if (!response.ok()) {
    return base::FailureCodeOf(response.status()) ==
                   base::FailureCode::kRateLimited
               ? base::WithContext(
                     response.status(),
                     "Quay throttles logins, as it does after a wrong password")
               : response.status();
  }
  if (response->status == 401) {
    refused = true;
    return RefusedLogin(*response);
  }
  if (response->status != 200) {
    return StatusFailure(response->status, "login at /v2/auth");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json answer,
                              JsonOf(*response, "a token of the registry"));
  std::string token = TextAt(answer, "token");
  if (token.empty()) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "the login at /v2/auth gives no token", "Protocol");
  }
  return token;
}

absl::Status ScopelessToken::Authorize(const std::string&,
                                       http::Request& request) {
  std::string token;
  {
    absl::MutexLock lock(&mutex_);
    if (clock_.Now() < renew_at_) token = token_;
  }
  if (token.empty()) {
    bool refused = false;
    LANDWAITER_ASSIGN_OR_RETURN(token, login_.FetchToken(refused));
    absl::MutexLock lock(&mutex_);
    token_ = token;
    renew_at_ = clock_.Now() + kTokenLasts;
  }
  request.headers.emplace_back("Authorization", base::StrCat("Bearer ", token));
  return absl::OkStatus();
}

absl::StatusOr<Authorization::Answer> ScopelessToken::Refused(
    const http::Response&, const std::string&, const http::Request&, bool&) {
  absl::MutexLock lock(&mutex_);
  renew_at_ = absl::InfinitePast();
  return Answer::kTryAgain;
}

}  // namespace landwaiter::agent::registry::quay
