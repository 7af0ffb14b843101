#include "tests/support/registries/gitlab/registry_api.h"

#include <algorithm>
#include <regex>
#include <set>

#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "tests/support/registries/gitlab/registry_call.h"

namespace landwaiter::test::gitlab {
namespace {

using nlohmann::json;

constexpr char kVersion[] = "4.39.0-gitlab";

Answer BadValue(const std::string& detail) {
  return ErrorAnswer(400, "INVALID_QUERY_PARAMETER_VALUE",
                     "invalid query parameter value", detail);
}

// What is wrong with n, or nullopt; `limit` gets it, or the default.
std::optional<Answer> ReadLimit(const std::optional<std::string>& n,
                                size_t& limit) {
  limit = 100;
  if (!n) return std::nullopt;
  const auto number = base::ParseInt64(*n);
  if (!number) {
    return ErrorAnswer(400, "INVALID_QUERY_PARAMETER_TYPE",
                       "invalid query parameter value type",
                       "the 'n' query parameter value type must be one of: "
                       "int");
  }
  if (*number < 1 || *number > 1000) {
    return BadValue("the 'n' query parameter value must be between 1 and 1000");
  }
  limit = static_cast<size_t>(*number);
  return std::nullopt;
}

json TagEntry(const Repository& repository, const std::string& name) {
  const Tag& tag = repository.tags.at(name);
  const Manifest& manifest = repository.manifests.at(tag.digest);
  json entry = {{"name", name},
                {"digest", tag.digest},
                {"media_type", manifest.media_type},
                {"size_bytes", manifest.size_bytes},
                {"created_at", tag.created_at},
                {"published_at", tag.published_at()}};
  if (!manifest.config_digest.empty()) {
    entry["config_digest"] = manifest.config_digest;
  }
  if (!tag.updated_at.empty()) entry["updated_at"] = tag.updated_at;
  return entry;
}

std::string BaseName(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool IsLowerCase(std::string_view path) {
  return std::none_of(path.begin(), path.end(),
                      [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string PullOf(const std::string& path) {
  return base::StrCat("repository:", path, ":pull");
}

}  // namespace

Answer JsonAnswer(int status, const json& body) {
  return {status, {}, body.dump()};
}

Answer ErrorAnswer(int status, const std::string& code,
                   const std::string& message, const json& detail) {
  json error = {{"code", code}, {"message", message}};
  if (!detail.is_null()) error["detail"] = detail;
  return JsonAnswer(status, {{"errors", {error}}});
}

Answer PageNotFound() {
  return {404, {}, "404 page not found\n", "text/plain; charset=utf-8"};
}

Answer MovedTo(const std::string& location) {
  return {301,
          {{"Location", location}},
          base::StrCat("<a href=\"", location, "\">Moved Permanently</a>.\n\n"),
          "text/html; charset=utf-8"};
}

NamePage PageOf(const std::vector<std::string>& names, std::string_view last,
                size_t limit) {
  NamePage page;
  for (const std::string& name : names) {
    if (!last.empty() && name <= last) continue;
    if (page.names.size() == limit) {
      page.more = true;
      break;
    }
    page.names.push_back(name);
  }
  return page;
}

std::optional<std::string> RegistryApi::Call::Value(
    std::string_view name) const {
  return agent::registry::QueryValue(query, name);
}

const Repository* RegistryApi::Find(const std::string& path) const {
  const auto found = content_.repositories.find(path);
  return found == content_.repositories.end() || !found->second.in_registry
             ? nullptr
             : &found->second;
}

Answer RegistryApi::Serve(const SeenRequest& request) const {
  const size_t question =
      std::min(request.target.find('?'), request.target.size());
  const std::string path = http::Unescape(request.target.substr(0, question));
  const Call call{request, path, request.target.substr(question)};
  if (path == "/") return {200, {{"Cache-Control", "no-cache"}}, "", ""};
  if (path == "/v2") return MovedTo("/v2/");
  if (path.starts_with("/v2/")) return ServeV2(call);
  if (path.starts_with("/gitlab/v1/") && metadata_database_) {
    return ServeV1(call);
  }
  return PageNotFound();
}

std::optional<Answer> RegistryApi::Refusal(
    const Call& call, const std::vector<std::string>& scopes) const {
  std::string error;
  const std::string header = call.request.Header("Authorization");
  if (header.starts_with("Bearer ")) {
    const auto access = read_token_(std::string_view(header).substr(7));
    if (!access) {
      error = "invalid_token";
    } else {
      const bool allowed = std::all_of(
          scopes.begin(), scopes.end(), [&](const std::string& scope) {
            const size_t colon = scope.rfind(':');
            for (const std::string& entry : *access) {
              const size_t actions = entry.rfind(':');
              if (entry.substr(0, actions) != scope.substr(0, colon)) continue;
              for (const auto action : base::Split(
                       std::string_view(entry).substr(actions + 1), ',')) {
                if (action == scope.substr(colon + 1)) return true;
              }
            }
            return false;
          });
      if (allowed) return std::nullopt;
      error = "insufficient_scope";
    }
  }
  std::string challenge = base::StrCat(
      "Bearer realm=\"", gitlab_, "/jwt/auth\",service=\"container_registry\"");
  json detail;
  std::string joined;
  for (const std::string& scope : scopes) {
    base::StrAppend(&joined, joined.empty() ? "" : " ", scope);
    const size_t first = scope.find(':'), colon = scope.rfind(':');
    detail.push_back({{"Type", scope.substr(0, first)},
                      {"Class", ""},
                      {"Name", scope.substr(first + 1, colon - first - 1)},
                      {"ProjectPath", ""},
                      {"Action", scope.substr(colon + 1)}});
  }
  if (!joined.empty()) base::StrAppend(&challenge, ",scope=\"", joined, "\"");
  if (!error.empty()) base::StrAppend(&challenge, ",error=\"", error, "\"");
  const json body = {{"code", "UNAUTHORIZED"},
                     {"message", "authentication required"},
                     {"detail", detail}};
  Answer answer = JsonAnswer(401, {{"errors", {body}}});
  answer.headers.emplace_back("WWW-Authenticate", challenge);
  return answer;
}

Answer RegistryApi::ServeV1(const Call& call) const {
  if (call.path == "/gitlab/v1/") {
    if (auto refusal = Refusal(call, {})) return *refusal;
    return {200, {{"Gitlab-Container-Registry-Version", kVersion}}, "{}"};
  }
  for (const std::string name : {"statistics", "background-migrations"}) {
    if (call.path != base::StrCat("/gitlab/v1/", name, "/")) continue;
    const std::string scope = base::StrCat("registry:", name, ":*");
    return Refusal(call, {scope})
        .value_or(JsonAnswer(200, {{"release",
                                    {{"ext_features", "tag_delete"},
                                     {"version", base::StrCat("v", kVersion)}}},
                                   {"database", {{"enabled", true}}}}));
  }
  // What has no slash at its end is sent to where it has one.
  const bool slash = call.path.ends_with('/');
  const std::string path = slash ? call.path : call.path + "/";
  static const std::regex kName(
      "[a-z0-9]+([._-]+[a-z0-9]+)*"
      "(/[a-z0-9]+([._-]+[a-z0-9]+)*)*");
  static const std::regex kRoutes(
      "/gitlab/v1/(repositories|repository-paths)/(.+?)"
      "(/tags/list|/tags/detail/[A-Za-z0-9_][A-Za-z0-9._-]*"
      "|/repositories/list)?/");
  std::smatch match;
  if (!std::regex_match(path, match, kRoutes) || !IsLowerCase(match[2].str()) ||
      !std::regex_match(match[2].str(), kName)) {
    return PageNotFound();
  }
  if (!slash) return MovedTo(path + call.query);
  const std::string kind = match[1], name = match[2], route = match[3];
  if (kind == "repository-paths") {
    return route == "/repositories/list" ? ServeSubrepositories(call, name)
                                         : PageNotFound();
  }
  if (route == "/tags/list") return ServeV1Tags(call, name);
  if (route.starts_with("/tags/detail/")) {
    return ServeTagDetail(call, name, route.substr(13));
  }
  return route.empty() ? ServeRepository(call, name) : PageNotFound();
}

Answer RegistryApi::ServeRepository(const Call& call,
                                    const std::string& path) const {
  if (call.request.method != "GET") {
    return {405,
            {{"Allow", "GET, PATCH"}},
            "Method not allowed\n",
            "text/plain; charset=utf-8"};
  }
  const auto size = call.Value("size");
  std::vector<std::string> scopes = {PullOf(path)};
  if (size == "self_with_descendants") scopes.push_back(PullOf(path + "/*"));
  if (auto refusal = Refusal(call, scopes)) return *refusal;
  if (size && *size != "self" && *size != "self_with_descendants") {
    return BadValue(
        "the 'size' query parameter must be set to one of: self, "
        "self_with_descendants");
  }
  const Repository* repository = Find(path);
  if (repository == nullptr) {
    return ErrorAnswer(404, "NAME_UNKNOWN",
                       "repository name not known to registry");
  }
  json body = {{"name", BaseName(path)},
               {"path", path},
               {"created_at", repository->created_at}};
  if (!repository->last_published_at.empty()) {
    body["last_published_at"] = repository->last_published_at;
  }
  return JsonAnswer(200, body);
}

Answer RegistryApi::ServeV1Tags(const Call& call,
                                const std::string& path) const {
  if (auto refusal = Refusal(call, {PullOf(path)})) return *refusal;
  size_t limit;
  if (auto bad = ReadLimit(call.Value("n"), limit)) return *bad;
  const auto last = call.Value("last"), before = call.Value("before");
  const auto name = call.Value("name"), exact = call.Value("name_exact");
  if (last && before) {
    return BadValue("keys: [last before] are mutually exclusive");
  }
  if (name && exact) {
    return BadValue("keys: [name name_exact] are mutually exclusive");
  }
  static const std::regex kTag("[\\w][\\w.-]{0,127}");
  if (last && !std::regex_search(*last, kTag)) {
    return BadValue(
        "the 'last' query parameter value must match the pattern "
        "'[\\w][\\w.-]{0,127}'");
  }
  static const std::regex kFilter("[a-zA-Z0-9._-]{1,128}");
  if (name && !std::regex_match(*name, kFilter)) {
    return BadValue(
        "the 'name' query parameter value must match the pattern "
        "'^[a-zA-Z0-9._-]{1,128}$'");
  }
  if (const auto sort = call.Value("sort"); sort && *sort != "name") {
    return BadValue(
        "the 'sort' query parameter must be set to one of: -name, "
        "name, -published_at, published_at");
  }
  const Repository* repository = Find(path);
  if (repository == nullptr) {
    return ErrorAnswer(404, "NAME_UNKNOWN",
                       "repository name not known to registry",
                       {{"name", path}});
  }
  std::vector<std::string> names;
  for (const auto& [tag, there] : repository->tags) {
    if (name && !base::Contains(tag, *name)) continue;
    if (exact && tag != *exact) continue;
    if (before && tag >= *before) break;
    names.push_back(tag);
  }
  NamePage page;
  if (before) {
    page.more = names.size() > limit;  // on the way back
    page.names.assign(names.end() - std::min(limit, names.size()), names.end());
  } else {
    page = PageOf(names, last.value_or(""), limit);
  }
  json body = json::array();
  for (const std::string& tag : page.names) {
    body.push_back(TagEntry(*repository, tag));
  }
  Answer answer = JsonAnswer(200, body);
  std::string link;
  const auto add = [&](const char* key, const std::string& value,
                       const char* relation) {
    base::StrAppend(&link, link.empty() ? "" : ", ",
                    "</gitlab/v1/repositories/", path, "/tags/list/?", key, "=",
                    http::EscapeComponent(value), "&n=", limit,
                    name ? "&name=" + *name : "", ">; rel=\"", relation, "\"");
  };
  const bool middle = (last && *last <= names.back() && *last >= names.front());
  if ((middle || (before && page.more)) && !page.names.empty()) {
    add("before", page.names.front(), "previous");
  }
  if ((page.more || before) && !page.names.empty()) {
    add("last", page.names.back(), "next");
  }
  if (!link.empty()) answer.headers.emplace_back("Link", link);
  return answer;
}

Answer RegistryApi::ServeTagDetail(const Call& call, const std::string& path,
                                   const std::string& tag) const {
  if (auto refusal = Refusal(call, {PullOf(path)})) return *refusal;
  const Repository* repository = Find(path);
  if (repository == nullptr) {
    return ErrorAnswer(404, "NAME_UNKNOWN",
                       "repository name not known to registry",
                       {{"name", path}});
  }
  if (!repository->tags.contains(tag)) {
    return ErrorAnswer(404, "TAG_UNKNOWN",
                       "tag name for repository does not exist",
                       {{"tagName", tag}});
  }
  const Tag& there = repository->tags.at(tag);
  const Manifest& manifest = repository->manifests.at(there.digest);
  json body = {
      {"repository", path},
      {"name", tag},
      {"image",
       {{"size_bytes", manifest.size_bytes},
        {"manifest",
         {{"digest", there.digest}, {"media_type", manifest.media_type}}}}},
      {"created_at", there.created_at},
      {"published_at", there.published_at()}};
  return JsonAnswer(200, body);
}

Answer RegistryApi::ServeSubrepositories(const Call& call,
                                         const std::string& path) const {
  if (auto refusal = Refusal(call, {PullOf(path), PullOf(path + "/*")})) {
    return *refusal;
  }
  size_t limit;
  if (auto bad = ReadLimit(call.Value("n"), limit)) return *bad;
  const std::string top = path.substr(0, path.find('/'));
  std::vector<std::string> names;
  bool known = false;
  for (const auto& [name, repository] : content_.repositories) {
    known = known || IsBelow(name, top);
    if (IsBelow(name, path) && !repository.tags.empty()) names.push_back(name);
  }
  if (!known) {
    return ErrorAnswer(404, "NAME_UNKNOWN",
                       "repository name not known to registry",
                       {{"namespace", top}});
  }
  const NamePage page = PageOf(names, call.Value("last").value_or(""), limit);
  json body = json::array();
  for (const std::string& name : page.names) {
    body.push_back({{"name", BaseName(name)},
                    {"path", name},
                    {"created_at", content_.repositories.at(name).created_at}});
  }
  Answer answer = JsonAnswer(200, body);
  if (page.more) {
    answer.headers.emplace_back(
        "Link", base::StrCat("</gitlab/v1/repository-paths/", path,
                             "/repositories/list/?last=",
                             http::EscapeComponent(page.names.back()),
                             "&n=", limit, ">; rel=\"next\""));
  }
  return answer;
}

}  // namespace landwaiter::test::gitlab
