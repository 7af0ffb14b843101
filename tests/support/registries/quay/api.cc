// /api/v1 but what is below a repository.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/strings.h"
#include "core/http/url.h"
#include "tests/support/registries/quay/answers.h"
#include "tests/support/registries/quay/simulator.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;
using quay::ApiError;
using quay::JsonAnswer;
using quay::MessageError;

constexpr char kMissing[] =
    "<!DOCTYPE html>\n<html ng-app=\"quay\" class=\"onprem\"></html>";

std::string NamespaceOf(const std::string& repository) {
  return repository.substr(0, repository.find('/'));
}

std::string NameOf(const std::string& repository) {
  return repository.substr(repository.find('/') + 1);
}

}  // namespace

// Whoever shows no token that counts is nobody, without being told.
QuaySimulator::Identity QuaySimulator::ApiIdentity(
    const SeenRequest& request) const {
  const std::string header = request.Header("Authorization");
  if (!header.starts_with("Bearer ")) return {};
  const auto token = tokens.find(header.substr(7));
  if (token == tokens.end() || token->second.revoked || token->second.expired) {
    return {};
  }
  const auto user = users.find(token->second.user);
  if (user == users.end() || !user->second.enabled) return {};
  return {.kind = Identity::kOAuth,
          .name = token->second.user,
          .scopes = token->second.scopes};
}

// What needs no right at all.
std::optional<Answer> QuaySimulator::ApiOfNoOne(const ApiCall& call) const {
  if (call.request.Header("User-Agent").starts_with("Mozilla/") &&
      call.request.Header("X-Requested-With").empty()) {
    return quay::PlainError(
        400,
        "API calls must be invoked with an X-Requested-With "
        "header if called from a browser");
  }
  if (call.path == "discovery") {
    if (call.request.method != "GET") {
      return MessageError(405,
                          "The method is not allowed for the requested URL.");
    }
    return JsonAnswer(
        {{"swagger", "2.0"},
         {"host", call.host},
         {"basePath", "/"},
         {"schemes", {"http"}},
         {"info", {{"version", "v1"}, {"title", "Quay Frontend"}}},
         {"paths", Json::object()}});
  }
  if (call.path == "messages") {
    return JsonAnswer({{"messages", Json::array()}});
  }
  if (call.path == "registry/capabilities") {
    return JsonAnswer({{"sparse_manifests", {{"supported", false}}}});
  }
  if (call.path == "error/invalid_token") {
    return JsonAnswer(
        {{"type",
          base::StrCat("http://", call.host, "/api/v1/error/invalid_token")},
         {"title", "invalid_token"},
         {"description", "The access token provided was invalid."}});
  }
  return std::nullopt;
}

Answer QuaySimulator::Api(const SeenRequest& request) {
  ApiCall call{.request = request,
               .path = quay::PathOf(request).substr(8),
               .host = quay::HostOf(request),
               .who = ApiIdentity(request)};
  if (auto answer = ApiOfNoOne(call)) return *answer;
  if (!database_up) return ApiError(call.host, "invalid_token");
  if (call.path == "user/") return OneUser(call);
  if (!anonymous_access && call.who.anonymous()) {
    return quay::PlainError(401, "Anonymous access is not allowed");
  }
  const auto below = [&](const std::string& start) {
    return call.path.starts_with(start) ? call.path.substr(start.size()) : "";
  };
  if (call.path == "repository") return ListRepositories(call);
  if (const std::string rest = below("repository/"); !rest.empty()) {
    return RepositoryCall(call, http::Unescape(rest));
  }
  if (const std::string rest = below("organization/"); !rest.empty()) {
    return OneOrganization(call, rest);
  }
  if (const std::string rest = below("superuser/");
      rest == "organizations/" || rest == "users/") {
    return SuperUserCall(call, rest);
  }
  if (const std::string name = below("users/"); users.contains(name)) {
    return JsonAnswer({{"anonymous", false}, {"username", name}});
  }
  if (call.path.ends_with("/")) return quay::Page(404, kMissing);
  Answer answer = quay::Page(308, "<!doctype html>\nRedirecting...");
  answer.headers.emplace_back(
      "Location",
      base::StrCat("http://",
                   redirects_name.empty() ? call.host : redirects_name,
                   "/api/v1/", call.path, "/"));
  return answer;
}

Answer QuaySimulator::OneUser(const ApiCall& call) const {
  const auto& scopes = call.who.scopes;
  if (call.who.anonymous() || !scopes.contains("user:read")) {
    return ApiError(call.host, "invalid_token");
  }
  Json of = Json::array();
  for (const auto& [name, organization] : organizations) {
    const bool owner = organization.owners.contains(call.who.name);
    if (!owner && !organization.members.contains(call.who.name)) continue;
    Json entry = {{"name", name}, {"public", false}};
    if (scopes.contains("user:admin")) {
      entry["is_org_admin"] = owner && scopes.contains("org:admin");
    }
    of.push_back(entry);
  }
  Json body = {
      {"anonymous", false}, {"username", call.who.name}, {"organizations", of}};
  if (IsSuperUser(call.who)) body["super_user"] = true;
  return JsonAnswer(body);
}

Answer QuaySimulator::OneOrganization(const ApiCall& call,
                                      const std::string& name) const {
  const auto organization = organizations.find(name);
  if (organization == organizations.end()) {
    return ApiError(call.host, "not_found");
  }
  const bool scoped = call.who.scopes.contains("org:admin");
  const bool all = superusers_full_access && IsSuperUser(call.who);
  const bool admin =
      all || (scoped && organization->second.owners.contains(call.who.name));
  const bool member =
      admin || (scoped && organization->second.members.contains(call.who.name));
  Json body = {{"name", name},
               {"email", admin ? name + "@example.com" : ""},
               {"is_admin", admin},
               {"is_member", member}};
  return JsonAnswer(body);
}

Answer QuaySimulator::SuperUserCall(const ApiCall& call,
                                    const std::string& rest) const {
  if (call.who.anonymous()) return ApiError(call.host, "invalid_token");
  if (!IsSuperUser(call.who)) return ApiError(call.host, "insufficient_scope");
  if (rest == "users/") {
    Json list = Json::array();
    for (const auto& [name, user] : users) {
      list.push_back({{"username", name}, {"super_user", user.super_user}});
    }
    return JsonAnswer({{"users", list}});
  }
  const int64_t limit =
      base::ParseInt64(quay::Parameter(call.request, "limit")).value_or(100);
  if (limit > 100) {
    return ApiError(call.host, "invalid_request",
                    "Page limit cannot be above 100");
  }
  const auto at = quay::ReadNextPage(quay::Parameter(call.request, "next_page"),
                                     "organizations");
  Json list = Json::array();
  size_t index = 0;
  for (const auto& [name, organization] : organizations) {
    if (index++ < at.offset) continue;
    if (static_cast<int64_t>(list.size()) == limit) break;
    list.push_back({{"name", name}, {"email", name + "@example.com"}});
  }
  Json body = {{"organizations", list}};
  if (at.offset + list.size() < organizations.size()) {
    body["next_page"] =
        quay::NextPage("organizations", at.offset + list.size());
  }
  return JsonAnswer(body);
}

// Names of public repositories appear only with public=true; who has no right
// gets an empty list, not an error.
Answer QuaySimulator::ListRepositories(const ApiCall& call) const {
  const auto asked = [&](const std::string& name) {
    return quay::Parameter(call.request, name);
  };
  const std::string name_space = asked("namespace");
  const bool with_public = asked("public") == "true";
  if (asked("starred") == "true") {
    return call.who.anonymous()
               ? MessageError(400,
                              "The browser (or proxy) sent a request that this "
                              "server could not understand.")
               : JsonAnswer({{"repositories", Json::array()}});
  }
  if (name_space.empty() && !with_public) {
    return ApiError(
        call.host, "invalid_request",
        "namespace, starred or public are required for this API call");
  }
  const bool all = superusers_full_access && IsSuperUser(call.who);
  std::vector<const Repository*> listed;
  for (const Repository& repository : repositories) {
    if (!name_space.empty() && NamespaceOf(repository.name) != name_space) {
      continue;
    }
    const bool own = !name_space.empty() && HasRight(call.who, repository);
    if (own || all || (with_public && repository.is_public)) {
      listed.push_back(&repository);
    }
  }
  if (asked("repo_kind") == "application") listed.clear();
  const std::string bound_to =
      base::StrCat("repositories of ", name_space, " for ", call.who.name);
  auto at = quay::ReadNextPage(asked("next_page"), bound_to);
  if (forgets_pages) at.offset = 0;
  Json page = Json::array();
  for (size_t i = at.offset;
       !at.strange && i < listed.size() && page.size() < page_size; ++i) {
    const Repository& repository = *listed[i];
    Json entry = {{"namespace", NamespaceOf(repository.name)},
                  {"name", NameOf(repository.name)},
                  {"description", repository.description},
                  {"is_public", repository.is_public},
                  {"kind", repository.kind},
                  {"state", repository.state}};
    if (!call.who.anonymous()) entry["is_starred"] = false;
    if (asked("last_modified") == "true") {
      entry["last_modified"] = nullptr;
      // Of the newest tag that is there, in seconds.
      int64_t newest = 0;
      const auto found = content.repositories.find(repository.name);
      if (found != content.repositories.end()) {
        for (const auto& [tag, stored] : found->second.tags) {
          newest = std::max(newest, absl::ToUnixSeconds(stored.pushed));
        }
      }
      if (newest > 0) entry["last_modified"] = newest;
    }
    page.push_back(entry);
  }
  Json body = {{"repositories", page}};
  if (!at.strange && at.offset + page_size < listed.size()) {
    body["next_page"] = quay::NextPage(bound_to, at.offset + page_size);
  }
  return JsonAnswer(body);
}

}  // namespace landwaiter::test
