#include "agent/registry/oci/authorizer.h"

#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/client.h"

namespace landwaiter::agent::registry::oci {
namespace {

constexpr size_t kMaxTokens = 1000;

absl::Status Unauthorized(std::string_view message) {
  return base::Failure(base::FailureCode::kUnauthorized, message);
}

}  // namespace

Authorizer::Authorizer(const Connection& connection, base::Clock& clock,
                       const OciOptions& options)
    : connection_(connection),
      clock_(clock),
      basic_header_(BasicLogin(connection.credentials)),
      credentials_first_(options.credentials_first && !basic_header_.empty()),
      bearer_only_(options.bearer_only),
      refused_logins_(RefusedLoginsOf(connection)),
      token_server_(connection_, clock, options.token_hosts) {}

absl::Status Authorizer::CheckLogin() const {
  if (basic_header_.empty() ||
      !refused_logins_->Contains(connection_.http.base.host, basic_header_)) {
    return absl::OkStatus();
  }
  return Rejection("the registry refuses the user name or the password");
}

void Authorizer::Remember() {
  refused_logins_->Add(connection_.http.base.host, basic_header_);
}

std::optional<Token> Authorizer::KnownToken(const std::string& scope) {
  const auto found = tokens_.find(scope);
  if (found == tokens_.end() || clock_.Now() >= found->second.renew_at) {
    return std::nullopt;
  }
  return found->second;
}

absl::Status Authorizer::Authorize(const std::string& scope,
                                   http::Request& request) {
  std::optional<Challenge> challenge;
  std::string header;
  LANDWAITER_RETURN_IF_ERROR(CheckLogin());
  {
    absl::MutexLock lock(&mutex_);
    if (basic_) {
      header = basic_header_;
    } else if (const auto token = KnownToken(scope)) {
      header = token->header;
    } else if (bearer_) {
      challenge = bearer_;
    } else if (credentials_first_) {
      header = basic_header_;
    }
  }
  if (challenge) {
    LANDWAITER_ASSIGN_OR_RETURN(header, NewToken(*challenge, scope, ""));
  }
  if (!header.empty()) request.headers.emplace_back("Authorization", header);
  return absl::OkStatus();
}

// The header of a token for `scope` that is not `stale`, which the registry
// has just refused. Another request may have fetched it meanwhile.
absl::StatusOr<std::string> Authorizer::NewToken(const Challenge& challenge,
                                                 const std::string& scope,
                                                 const std::string& stale) {
  bool proved;
  {
    absl::MutexLock lock(&mutex_);
    proved = proved_ || basic_header_.empty();
  }
  std::optional<absl::MutexLock> login;
  if (!proved) login.emplace(&login_mutex_);
  LANDWAITER_RETURN_IF_ERROR(CheckLogin());
  {
    absl::MutexLock lock(&mutex_);
    const auto known = KnownToken(scope);
    if (known && known->header != stale) return known->header;
  }
  auto token = token_server_.Fetch(challenge, scope);
  absl::MutexLock lock(&mutex_);
  if (!token.ok()) {
    if (IsRejection(token.status())) Remember();
    return token.status();
  }
  proved_ = true;
  if (tokens_.size() >= kMaxTokens) tokens_.clear();
  return (tokens_[scope] = *std::move(token)).header;
}

absl::StatusOr<Authorization::Answer> Authorizer::AnswerBearer(
    const Challenge& challenge, const std::string& scope,
    const std::string& sent, bool& rejected) {
  auto header = NewToken(challenge, scope, sent);
  rejected = IsRejection(header.status());
  if (!header.ok()) return header.status();
  absl::MutexLock lock(&mutex_);
  bearer_ = challenge;
  bearer_->parameters.erase("scope");
  return Answer::kTryAgain;
}

absl::StatusOr<Authorization::Answer> Authorizer::AnswerBasic(
    const std::string& sent, bool& rejected) {
  if (basic_header_.empty()) {
    return Unauthorized("the registry asks for a user name and a password");
  }
  absl::MutexLock lock(&mutex_);
  // Another request may have learnt of Basic while this one went without.
  if (!sent.starts_with("Basic ")) {
    LANDWAITER_RETURN_IF_ERROR(CheckLogin());
    basic_ = true;
    return Answer::kTryAgain;
  }
  rejected = true;
  // Once they were taken, this one repository is what is refused.
  if (!proved_) Remember();
  return Rejection("the registry refuses the user name or the password");
}

absl::StatusOr<Authorization::Answer> Authorizer::Refused(
    const http::Response& response, const std::string& scope,
    const http::Request& sent, bool& rejected) {
  rejected = false;
  const std::string* header = http::FindHeader(sent.headers, "Authorization");
  const std::string authorization = header == nullptr ? "" : *header;
  const std::vector<Challenge> challenges = ReadChallenges(response.headers);
  {
    absl::MutexLock lock(&mutex_);
    challenged_ = true;
  }
  for (const Challenge& challenge : challenges) {
    if (challenge.scheme == "bearer") {
      return AnswerBearer(challenge, scope, authorization, rejected);
    }
  }
  for (const Challenge& challenge : challenges) {
    if (challenge.scheme == "basic" && !bearer_only_) {
      return AnswerBasic(authorization, rejected);
    }
  }
  return Unauthorized(
      "the registry asks for a kind of login that is not known");
}

void Authorizer::Passed(const http::Request& sent) {
  const std::string* header = http::FindHeader(sent.headers, "Authorization");
  if (header == nullptr || *header != basic_header_) return;
  absl::MutexLock lock(&mutex_);
  proved_ = true;
}

bool Authorizer::challenged() {
  absl::MutexLock lock(&mutex_);
  return challenged_;
}

}  // namespace landwaiter::agent::registry::oci
