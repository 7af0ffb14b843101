#include "agent/registry/oci/authorizer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/client.h"

namespace landwaiter::agent::registry::oci {
namespace {

constexpr uint64_t kMaxTokenAnswer = 256 << 10;
constexpr int64_t kDefaultLifeSeconds = 60;  // when the server does not say
constexpr size_t kMaxTokens = 1000;

std::string ParentDomain(std::string_view host) {
  const size_t dot = host.find('.');
  if (dot == host.npos) return "";
  const std::string_view parent = host.substr(dot + 1);
  // A parent of one label is a top-level domain: everybody's.
  return base::Contains(parent, ".") ? std::string(parent) : "";
}

bool IsNumeric(std::string_view host) {
  return base::Contains(host, ":") ||
         host.find_first_not_of("0123456789.") == host.npos;
}

bool IsWithin(std::string_view host, std::string_view domain) {
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.' &&
         base::Contains(domain, ".");
}

absl::Status Unauthorized(std::string_view message) {
  return base::Failure(base::FailureCode::kUnauthorized, message);
}

// "token" or "access_token"; empty if the answer is not what the
// specification says.
std::string TokenIn(const nlohmann::json& answer) {
  for (const char* key : {"token", "access_token"}) {
    if (answer.is_object() && answer.contains(key) && answer[key].is_string() &&
        !answer[key].get<std::string>().empty()) {
      return answer[key].get<std::string>();
    }
  }
  return "";
}

int64_t LifeIn(const nlohmann::json& answer) {
  if (answer.contains("expires_in") && answer["expires_in"].is_number()) {
    return std::clamp<int64_t>(answer["expires_in"].get<int64_t>(), 1, 86400);
  }
  return kDefaultLifeSeconds;
}

// What may go into a header: a token is visible ASCII.
bool IsHeaderSafe(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

bool IsTrustedRealm(const http::Url& registry, const http::Url& realm) {
  if (registry.scheme == "https" && realm.scheme != "https") return false;
  if (registry.host == realm.host) return true;
  if (IsNumeric(registry.host) || IsNumeric(realm.host)) return false;
  if (IsWithin(registry.host, realm.host) ||
      IsWithin(realm.host, registry.host)) {
    return true;
  }
  const std::string parent = ParentDomain(registry.host);
  return !parent.empty() && parent == ParentDomain(realm.host);
}

absl::Status Authorizer::Authorize(const std::string& scope,
                                   http::Request& request) {
  const std::string header = HeaderFor(scope);
  if (!header.empty()) request.headers.emplace_back("Authorization", header);
  return absl::OkStatus();
}

std::string Authorizer::HeaderFor(const std::string& scope) {
  std::optional<Challenge> challenge;
  {
    absl::MutexLock lock(&mutex_);
    if (basic_) return BasicHeaders(connection_.credentials).front().second;
    const auto found = tokens_.find(scope);
    if (found != tokens_.end() && clock_.Now() < found->second.renew_at) {
      return found->second.header;
    }
    challenge = bearer_;
  }
  if (!challenge) {
    return credentials_first_
               ? BasicHeaders(connection_.credentials).front().second
               : "";
  }
  bool rejected = false;
  auto token = FetchToken(*challenge, scope, rejected);
  if (!token.ok()) return "";  // the request's own 401 tells
  absl::MutexLock lock(&mutex_);
  if (tokens_.size() >= kMaxTokens) tokens_.clear();
  return (tokens_[scope] = *std::move(token)).header;
}

bool Authorizer::MayShowCredentialsTo(const http::Url& realm) const {
  if (IsTrustedRealm(connection_.http.base, realm)) return true;
  return (realm.scheme == "https" || connection_.http.base.scheme == "http") &&
         std::find(token_hosts_.begin(), token_hosts_.end(), realm.host) !=
             token_hosts_.end();
}

absl::StatusOr<Authorization::Answer> Authorizer::Refused(
    const http::Response& response, const std::string& scope,
    const http::Request& sent, bool& rejected) {
  rejected = false;
  const std::vector<Challenge> challenges = ReadChallenges(response.headers);
  for (const Challenge& challenge : challenges) {
    if (challenge.scheme != "bearer") continue;
    LANDWAITER_ASSIGN_OR_RETURN(Token token,
                                FetchToken(challenge, scope, rejected));
    absl::MutexLock lock(&mutex_);
    bearer_ = challenge;
    bearer_->parameters.erase("scope");
    if (tokens_.size() >= kMaxTokens) tokens_.clear();
    tokens_[scope] = std::move(token);
    return Answer::kTryAgain;
  }
  for (const Challenge& challenge : challenges) {
    if (challenge.scheme != "basic" || bearer_only_) continue;
    if (connection_.credentials.empty()) {
      return Unauthorized("the registry asks for a user name and a password");
    }
    // Another request may have learnt of Basic while this one went without.
    const std::string* header = http::FindHeader(sent.headers, "Authorization");
    if (header != nullptr && header->starts_with("Basic ")) {
      rejected = true;
      return Unauthorized("the registry refuses the user name or the password");
    }
    absl::MutexLock lock(&mutex_);
    basic_ = true;
    return Answer::kTryAgain;
  }
  return Unauthorized(
      "the registry asks for a kind of login that is not known");
}

absl::StatusOr<Authorizer::Token> Authorizer::FetchToken(
    const Challenge& challenge, const std::string& scope, bool& rejected) {
  const auto realm = http::Url::Parse(challenge.Parameter("realm"));
  if (!realm.ok()) return Unauthorized("the registry's token realm is no URL");
  if (!MayShowCredentialsTo(*realm)) {
    return Unauthorized(base::StrCat(
        "the registry sends its users to ", realm->Origin(),
        " for a token, which is neither its own host nor of its domain"));
  }
  std::string target = realm->target;
  char separator = base::Contains(target, "?") ? '&' : '?';
  const auto add = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    base::StrAppend(&target, std::string(1, separator), key, "=",
                    http::EscapeComponent(value));
    separator = '&';
  };
  add("service", challenge.Parameter("service"));
  add("scope", challenge.parameters.contains("scope")
                   ? challenge.Parameter("scope")
                   : scope);
  http::ClientOptions options = connection_.http;
  options.base = *realm;
  options.base.target.clear();
  if (realm->host != connection_.http.base.host ||
      realm->port != connection_.http.base.port) {
    options.connect_ip.clear();
    options.connect_port = 0;
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::unique_ptr<http::Client> client,
                              http::NewClient(std::move(options)));
  http::Request request{.target = target};
  request.headers = BasicHeaders(connection_.credentials);
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              client->Send(request, kMaxTokenAnswer));
  if (response.status == 401 || response.status == 403) {
    rejected = !connection_.credentials.empty();
    return Unauthorized("the registry's token server refuses the login");
  }
  if (response.status == 405) {  // Quay, of a namespace that is disabled
    return Unauthorized("the registry's token server denies access");
  }
  if (response.status == 429) {
    return base::Failure(base::FailureCode::kRateLimited,
                         "the registry's token server asks to wait");
  }
  if (response.status != 200) {
    return base::Failure(
        base::FailureCode::kNetworkError,
        base::StrCat("the registry's token server answers ", response.status));
  }
  const auto answer = nlohmann::json::parse(response.body, nullptr, false);
  const std::string token = TokenIn(answer);
  if (token.empty() || !IsHeaderSafe(token)) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "the registry's token server gives no token");
  }
  return Token{base::StrCat("Bearer ", token),
               clock_.Now() + absl::Seconds(LifeIn(answer)) * 0.8};
}

}  // namespace landwaiter::agent::registry::oci
