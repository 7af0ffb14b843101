#include "tests/support/registries/harbor/simulator.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "core/http/url.h"
#include "tests/support/registries/harbor/answers.h"

namespace landwaiter::test::harbor {
namespace {

using base::StrCat;
using Json = nlohmann::json;

constexpr absl::Duration kLock = absl::Milliseconds(1500);

std::string ProjectOf(const std::string& repository) {
  return repository.substr(0, repository.find('/'));
}

// As whoever asks reaches it.
std::string OriginOf(const SeenRequest& request) {
  return StrCat("http://", request.Header("Host"));
}

// The name and password of an Authorization header; both empty for another.
std::pair<std::string, std::string> BasicOf(const SeenRequest& request) {
  const std::string header = request.Header("Authorization");
  std::string pair;
  if (!header.starts_with("Basic ") ||
      !absl::Base64Unescape(header.substr(6), &pair)) {
    return {};
  }
  const auto parts = base::SplitOnce(pair, ':');
  if (!parts) return {};
  return {std::string(parts->first), std::string(parts->second)};
}

}  // namespace

Simulator::Simulator(Version version, base::Clock& clock,
                     RegistryContent initial, const Listen& listen)
    : content(std::move(initial)),
      version_(version),
      clock_(clock),
      distribution_(
          content,
          [this](const SeenRequest& request, const std::string& scope) {
            return AuthorizePull(request, scope);
          }),
      server_([this](const SeenRequest& request) { return Serve(request); },
              listen) {
  const auto add = [this](const std::string& name, Account account) {
    account.password = name + "-secret";
    accounts[name] = std::move(account);
  };
  add("admin", {.admin = true});
  add("dev1", {.projects = {"team-a"}});
  add("robot$ci", {.robot = true, .projects = {"team-a", "team-b"}});
  add("robot$team-a+puller", {.robot = true, .projects = {"team-a"}});
}

Answer Simulator::Serve(const SeenRequest& request) {
  const http::Headers date = {
      {"Date", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", clock_.Now(),
                                absl::UTCTimeZone())}};
  if (intercept != nullptr) {
    if (auto answer = intercept(request)) {
      answer->headers.insert(answer->headers.end(), date.begin(), date.end());
      return *answer;
    }
  }
  const std::string path = PathOf(request);
  // It sets a cookie for everybody, and refuses writes that bring one.
  const Caller caller = CallerOf(request);
  Answer answer;
  if (path.starts_with("/v2/")) {
    answer = ServePull(request);
  } else if (path == "/service/token") {
    answer = ServeToken(request, caller);
  } else if (path == "/api/version") {
    answer = version_ == Version::kV2 && request.method != "HEAD"
                 ? JsonAnswer(200, {{"version", "v2.0"}})
                 : HtmlNotFound();
    if (answer.status == 200) answer.content_type = "text/plain; charset=utf-8";
  } else if (version_ == Version::kV2 && path.starts_with("/api/v2.0/")) {
    answer = ServeV2(request, caller, path.substr(9));
  } else if (version_ == Version::kV1 && path.starts_with("/api/")) {
    answer = ServeV1(request, caller, path.substr(4));
  } else {
    answer = HtmlNotFound();
  }
  answer.headers.emplace_back("Set-Cookie", "sid=0123; Path=/; HttpOnly");
  answer.headers.insert(answer.headers.end(), date.begin(), date.end());
  return answer;
}

// Wrong credentials are nobody's, not an error; and for a while after them
// right ones are, too.
Simulator::Caller Simulator::CallerOf(const SeenRequest& request) {
  const auto [name, password] = BasicOf(request);
  if (name.empty() || database_down) return {};
  const absl::Time now = clock_.Now();
  const auto lock = locked_until_.find(name);
  if (lock != locked_until_.end() && now < lock->second) return {};
  const auto account = accounts.find(name);
  if (account == accounts.end() || account->second.password != password ||
      account->second.disabled) {
    ++failed_logins_;
    locked_until_[name] = now + kLock;
    return {};
  }
  return {name, &account->second};
}

bool Simulator::MaySee(const Caller& caller, const std::string& project) const {
  if (!private_projects.contains(project)) return true;
  return caller.account != nullptr &&
         (caller.account->admin || caller.account->projects.contains(project));
}

bool Simulator::MayPull(const Caller& caller,
                        const std::string& project) const {
  return MaySee(caller, project) ||
         (caller.account != nullptr &&
          caller.account->pull_only.contains(project));
}

bool Simulator::HasProject(const std::string& project) const {
  return !content.RepositoriesOf(project).empty() ||
         empty_projects.contains(project);
}

Answer Simulator::Health() const {
  const bool unhealthy = database_down && !health_lags;
  return JsonAnswer(200, {{"components",
                           {{{"name", "core"}, {"status", "healthy"}},
                            {{"name", "database"},
                             {"status", unhealthy ? "unhealthy" : "healthy"}}}},
                          {"status", unhealthy ? "unhealthy" : "healthy"}});
}

Answer Simulator::SystemInfo(const SeenRequest& request,
                             const Caller& caller) const {
  // After a while it has forgotten its settings, too.
  if (database_down && !health_lags &&
      !request.Header("Authorization").empty()) {
    return ErrorV2(500, "UNKNOWN", "internal server error");
  }
  Json info = {{"auth_mode", oidc ? "oidc_auth" : "db_auth"},
               {"self_registration", false}};
  if (version_ == Version::kV1) {
    info["harbor_version"] = "v1.10.19-b1a56175";
  } else {
    info["banner_message"] = "";
    info["oidc_provider_name"] = "";
    info["primary_auth_mode"] = false;
    if (caller.account != nullptr) info["harbor_version"] = "v2.15.2-0000";
  }
  return JsonAnswer(200, info);
}

Answer Simulator::UsersCurrent(const Caller& caller) const {
  const bool v2 = version_ == Version::kV2;
  const bool unknown =
      caller.account == nullptr ||
      (oidc && !caller.account->admin && !caller.account->robot);
  if (unknown) {
    return v2 ? ErrorV2(401, "UNAUTHORIZED", "unauthorized")
              : ErrorV1(401, "UnAuthorize");
  }
  if (caller.account->robot) {
    return v2 ? ErrorV2(412, "PRECONDITION",
                        "get current user not available for security context: "
                        "robot")
              : ErrorV1(500, "Internal Error");
  }
  Json user = {{"user_id", 1},
               {"username", caller.name},
               {"realname", caller.name},
               {"update_time", TimeText(absl::UnixEpoch())},
               {"comment", ""}};
  if (v2) {
    user["sysadmin_flag"] = caller.account->admin;
    user["admin_role_in_auth"] = false;
  } else {
    user["has_admin_role"] = caller.account->admin;
  }
  return JsonAnswer(200, user);
}

Json Simulator::Projects(const Caller& caller) const {
  std::set<std::string> names = empty_projects;
  for (const auto& [name, repository] : content.repositories) {
    names.insert(ProjectOf(name));
  }
  Json list = Json::array();
  int64_t id = 0;
  for (const std::string& name : names) {
    ++id;
    if (!MaySee(caller, name)) continue;
    list.push_back(
        {{"project_id", id},
         {"name", name},
         {"update_time", TimeText(absl::UnixEpoch())},
         {"repo_count", content.RepositoriesOf(name).size()},
         {"metadata",
          {{"public", private_projects.contains(name) ? "false" : "true"}}}});
  }
  return list;
}

Json Simulator::Repositories(const Caller& caller,
                             const std::string& project) const {
  Json list = Json::array();
  int64_t id = 0;
  for (const auto& [name, repository] : content.repositories) {
    ++id;
    if (!project.empty() && ProjectOf(name) != project) continue;
    if (!MaySee(caller, ProjectOf(name))) continue;
    absl::Time created = absl::InfiniteFuture(), updated = absl::InfinitePast();
    const auto pushed = [&](absl::Time time) {
      created = std::min(created, time);
      updated = std::max(updated, time);
    };
    for (const auto& [tag, stored] : repository.tags) pushed(stored.pushed);
    for (const auto& [digest, stored] : repository.manifests) {
      pushed(stored.pushed);
    }
    // V1 never notes another time than the first push's.
    if (version_ == Version::kV1) updated = created;
    Json entry = {{"id", id},
                  {"name", name},
                  {"project_id", 1},
                  {"pull_count", 0},
                  {"update_time", TimeText(updated)},
                  {"creation_time", TimeText(created)}};
    if (version_ == Version::kV2) {
      entry["artifact_count"] = Artifacts(name).size();
    } else {
      entry["tags_count"] = repository.tags.size();
    }
    list.push_back(std::move(entry));
  }
  return list;
}

// Without a scope a token proves the login. With one, anybody gets a token,
// and what it is good for shows later.
Answer Simulator::ServeToken(const SeenRequest& request, const Caller& caller) {
  if (ParameterOf(request, "service") != "harbor-registry") {
    return {.status = 400,
            .headers = {},
            .body = "Unable to handle service",
            .content_type = "text/plain"};
  }
  const std::string scope = ParameterOf(request, "scope");
  if (scope.empty() && caller.account == nullptr) {
    return {.status = 401, .headers = {}, .body = ""};
  }
  const std::string token = StrCat("t", tokens_.size());
  std::set<std::string>& scopes = tokens_[token];
  if (scope.starts_with("repository:")) {
    const std::string rest = scope.substr(11);
    if (MayPull(caller, ProjectOf(rest.substr(0, rest.find(':'))))) {
      scopes.insert(scope);
    }
  }
  return JsonAnswer(200, {{"token", token},
                          {"access_token", ""},
                          {"expires_in", 1800},
                          {"issued_at", TimeText(clock_.Now())}});
}

// V2's core looks for the repository before the registry is asked, and says
// what it does not find in its own words.
Answer Simulator::ServePull(const SeenRequest& request) {
  if (version_ == Version::kV1) return distribution_.Serve(request);
  SeenRequest raw = request;
  raw.target = http::Unescape(PathOf(request)) +
               request.target.substr(PathOf(request).size());
  const std::string name = PathOf(raw).substr(4);
  const size_t slash = name.find('/');
  for (const char* word : {"manifests/", "blobs/", "tags/"}) {
    if (slash != name.npos &&
        name.compare(slash + 1, std::strlen(word), word) == 0) {
      return ErrorV2(400, "BAD_REQUEST", "invalid repository name");
    }
  }
  const bool upper = std::any_of(name.begin(), name.end(),
                                 [](char c) { return c >= 'A' && c <= 'Z'; });
  if (slash != name.npos && !request.Header("Authorization").empty() &&
      (upper || database_down || !HasProject(name.substr(0, slash)))) {
    Answer refusal = ErrorV2(401, "UNAUTHORIZED", "project not found");
    refusal.headers.emplace_back("WWW-Authenticate", "");
    return refusal;
  }
  Answer answer = distribution_.Serve(raw);
  if (answer.status == 404 &&
      (base::Contains(answer.body, "MANIFEST_UNKNOWN") ||
       base::Contains(answer.body, "NAME_UNKNOWN"))) {
    return ErrorV2(404, "NOT_FOUND", "not found");
  }
  return answer;
}

std::optional<Answer> Simulator::AuthorizePull(const SeenRequest& request,
                                               const std::string& scope) {
  const std::string header = request.Header("Authorization");
  const bool bearer = header.starts_with("Bearer ");
  if (bearer) {
    const auto token = tokens_.find(header.substr(7));
    if (token != tokens_.end() &&
        (scope.empty() || token->second.contains(scope))) {
      return std::nullopt;
    }
  } else if (version_ == Version::kV2 && !header.empty()) {
    const Caller caller = CallerOf(request);
    if (scope.starts_with("repository:") &&
        MayPull(caller, ProjectOf(scope.substr(11)))) {
      return std::nullopt;
    }
    if (caller.account != nullptr &&
        (scope.empty() ||
         (scope == "registry:catalog:*" &&
          (caller.account->admin || caller.account->catalog)))) {
      return std::nullopt;
    }
  }
  Answer refusal = DistributionError(401, "UNAUTHORIZED", "unauthorized");
  const bool basic = (version_ == Version::kV2 && !header.empty()) ||
                     scope == "registry:catalog:*";
  refusal.headers.emplace_back(
      "WWW-Authenticate",
      basic ? std::string("Basic realm=\"harbor\"")
            : StrCat("Bearer realm=\"", OriginOf(request),
                     "/service/token\",service=\"harbor-registry\"",
                     scope.empty() ? "" : StrCat(",scope=\"", scope, "\""),
                     bearer ? ",error=\"insufficient_scope\"" : ""));
  return refusal;
}

}  // namespace landwaiter::test::harbor
