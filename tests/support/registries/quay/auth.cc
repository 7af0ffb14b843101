// /v2/auth: logins, and tokens of the registry.
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "core/http/url.h"
#include "tests/support/registries/quay/answers.h"
#include "tests/support/registries/quay/simulator.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;
using quay::PlainError;
using quay::RegistryError;

Answer Refusal(const std::string& message) {
  return RegistryError(401, "UNAUTHORIZED", message);
}

struct Scope {
  std::string repository;
  bool pull = false;
  bool push = false;
};

std::optional<Scope> ReadScope(const std::string& text) {
  const auto parts = base::Split(text, ':');
  if (parts.size() != 3 || parts[0] != "repository") return std::nullopt;
  Scope scope{.repository = std::string(parts[1])};
  for (const std::string_view action : base::Split(parts[2], ',')) {
    if (action == "pull") {
      scope.pull = true;
    } else if (action == "push" || action == "*") {
      scope.push = true;
    } else {
      return std::nullopt;
    }
  }
  return scope;
}

// All values of a parameter, since scopes may be several.
std::vector<std::string> Scopes(const SeenRequest& request) {
  std::vector<std::string> scopes;
  const auto parts = base::SplitOnce(request.target, '?');
  if (!parts) return scopes;
  for (const std::string_view pair : base::Split(parts->second, '&')) {
    if (pair.starts_with("scope=")) {
      scopes.push_back(http::Unescape(pair.substr(6)));
    }
  }
  return scopes;
}

std::string PartOf(const std::string& token, size_t index) {
  const auto parts = base::Split(token, '.');
  std::string text;
  if (parts.size() != 3 ||
      !absl::WebSafeBase64Unescape(base::ToAbsl(parts[index]), &text)) {
    return "";
  }
  return text;
}

}  // namespace

std::string QuaySimulator::IssueToken(const Identity& who,
                                      const std::string& service,
                                      const Json& access) const {
  Json claims = {{"iss", "quay"},
                 {"aud", service.empty() ? Json() : Json(service)},
                 {"sub", who.anonymous() ? "(anonymous)" : who.name},
                 {"access", access},
                 {"context", Json::object()}};
  if (!who.anonymous()) {
    const char* kind = who.kind == Identity::kRobot  ? "robot"
                       : who.kind == Identity::kUser ? "user"
                                                     : "oauthtoken";
    claims["context"] = {{"entity_kind", kind}, {"user", who.name}};
  }
  return base::StrCat(absl::WebSafeBase64Escape(R"({"alg":"RS256"})"), ".",
                      absl::WebSafeBase64Escape(claims.dump()), ".",
                      absl::WebSafeBase64Escape(signing_key));
}

// What is wrong with the bearer token; if there is one and nothing is, what it
// grants.
std::optional<Answer> QuaySimulator::BadBearer(
    const SeenRequest& request, std::optional<Grant>& grant) const {
  const std::string header = request.Header("Authorization");
  if (header.empty()) return std::nullopt;
  const Json claims =
      header.starts_with("Bearer ")
          ? Json::parse(PartOf(header.substr(7), 1), nullptr, false)
          : Json();
  if (!claims.is_object() || claims.value("iss", "") != "quay" ||
      claims["aud"] != quay::HostOf(request) ||
      PartOf(header.substr(7), 2) != signing_key) {
    return PlainError(401, "Invalid bearer token format");
  }
  grant.emplace();
  grant->who.name = claims["sub"];
  const std::string kind = claims["context"].value("entity_kind", "");
  grant->who.kind = kind == "robot"  ? Identity::kRobot
                    : kind == "user" ? Identity::kUser
                    : kind.empty()   ? Identity::kAnonymous
                                     : Identity::kOAuth;
  for (const Json& access : claims["access"]) {
    for (const Json& action : access["actions"]) {
      if (action == "pull") grant->pull.insert(access["name"]);
    }
  }
  return std::nullopt;
}

std::optional<Answer> QuaySimulator::LoginAsUser(const std::string& name,
                                                 const std::string& password,
                                                 Identity& who) {
  if (int& refusals = throttled_[name]; refusals > 0) {
    --refusals;
    Answer answer = quay::Page(429,
                               "Too many login attempts.  Please reset your "
                               "Quay password and try again.");
    answer.headers.emplace_back("Retry-After", "0");
    return answer;
  }
  const auto user = users.find(name);
  if (user == users.end() || !database_up) {
    return Refusal("Invalid Username or Password");
  }
  if (!user->second.enabled) {
    return Refusal(
        "This user has been disabled. Please contact your administrator.");
  }
  if (password.empty() || (password != user->second.password &&
                           password != user->second.encrypted_password)) {
    throttled_[name] = throttled_logins;
    return Refusal("Invalid Username or Password");
  }
  who = {.kind = Identity::kUser, .name = name};
  return std::nullopt;
}

// What is wrong with the credentials; else `who` they are of.
std::optional<Answer> QuaySimulator::Login(const std::string& basic,
                                           Identity& who) {
  std::string text;
  if (!absl::Base64Unescape(basic, &text)) return Refusal("Invalid header");
  const auto parts = base::SplitOnce(text, ':');
  if (!parts) return Refusal("Invalid header");
  const std::string name(parts->first), password(parts->second);
  if (name == "$oauthtoken") {
    const auto token = tokens.find(password);
    if (token == tokens.end() || token->second.revoked) {
      return Refusal("OAuth access token could not be validated");
    }
    if (token->second.expired) {
      return Refusal("OAuth access token has expired");
    }
    if (!users[token->second.user].enabled) {
      return Refusal("OAuth access token could not be validated");
    }
    who = {.kind = Identity::kOAuth,
           .name = token->second.user,
           .scopes = token->second.scopes};
    return std::nullopt;
  }
  if (!base::Contains(name, "+")) return LoginAsUser(name, password, who);
  const auto robot = robots.find(name);
  if (robot == robots.end() || robot->second.deleted) {
    return Refusal("Could not find robot with specified username");
  }
  if (robot->second.token != password) {
    return Refusal(base::StrCat("Could not find robot with username: ", name,
                                " and supplied password."));
  }
  who = {.kind = Identity::kRobot, .name = name};
  return std::nullopt;
}

Answer QuaySimulator::Auth(const SeenRequest& request) {
  if (request.method != "GET") return quay::Page(405, "Method Not Allowed");
  if (rate_limited_auths > 0) {
    --rate_limited_auths;
    return quay::Page(429, "<html>\n429 Too Many Requests</html>");
  }
  const std::string host = quay::HostOf(request);
  Identity who;
  if (const std::string header = request.Header("Authorization");
      header.starts_with("Basic ")) {
    if (auto refusal = Login(header.substr(6), who)) {
      return refusal->status == 401 ? quay::Challenge(*refusal, host)
                                    : *refusal;
    }
  } else if (!anonymous_access) {
    return PlainError(401, "Anonymous access is not allowed");
  }
  Json access = Json::array();
  for (const std::string& text : Scopes(request)) {
    const auto scope = ReadScope(text);
    if (!scope) {
      return RegistryError(
          400, "INVALID_REQUEST",
          base::StrCat("Unable to decode repository and actions: ", text));
    }
    const std::string name_space =
        scope->repository.substr(0, scope->repository.find('/'));
    if (const auto user = users.find(name_space);
        user != users.end() && !user->second.enabled) {
      return RegistryError(
          405, "DENIED",
          base::StrCat("Namespace ", name_space,
                       " has been disabled. Please contact a system "
                       "administrator."));
    }
    const Repository* repository = Find(scope->repository);
    const bool writes = scope->push && repository != nullptr &&
                        repository->state == "NORMAL" && Owns(who, name_space);
    Json actions = Json::array();
    if (scope->pull && MayRead(who, scope->repository)) {
      actions.push_back("pull");
    }
    if (writes) actions.push_back("push");
    access.push_back({{"type", "repository"},
                      {"name", scope->repository},
                      {"actions", actions}});
  }
  if (who.anonymous() && access.empty()) {
    return quay::Challenge(
        Refusal("access to the requested resource is not authorized"), host);
  }
  return quay::JsonAnswer(
      {{"token",
        IssueToken(who, quay::Parameter(request, "service"), access)}});
}

}  // namespace landwaiter::test
