#include "tests/support/registries/jfrog/simulator.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/escaping.h"
#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "tests/support/registries/distribution.h"
#include "tests/support/registries/jfrog/aql.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxQuery = 6000;
constexpr size_t kMaxResultsOfUser = 1000;
constexpr char kToken[] = "Bearer docker-token-of-";

Answer Refusal(int status, const std::string& message) {
  const Json body = {{"errors", {{{"status", status}, {"message", message}}}}};
  return {.status = status, .headers = {}, .body = body.dump()};
}

Answer Ok(const Json& body) {
  return {.status = 200, .headers = {}, .body = body.dump()};
}

std::string PathOf(const SeenRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

std::string Time(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3S%Ez", time, absl::UTCTimeZone());
}

// The files that a repository stores for its manifests: a folder a tag, and
// one a child of an index.
Json Items(const std::string& key, const RegistryContent& content) {
  Json items = Json::array();
  for (const auto& [image, repository] : content.repositories) {
    const auto add = [&](const std::string& folder, const model::Digest& digest,
                         absl::Time modified) {
      const StoredManifest& manifest = repository.manifests.at(digest);
      items.push_back(
          {{"repo", key},
           {"path", base::StrCat(image, "/", folder)},
           {"name",
            manifest.children.empty() ? "manifest.json" : "list.manifest.json"},
           {"size", manifest.bytes.size()},
           {"modified", Time(modified)},
           {"sha256", std::string(digest.hex())}});
    };
    for (const auto& [tag, stored] : repository.tags) {
      add(tag, stored.digest, stored.pushed);
    }
    for (const auto& [digest, manifest] : repository.manifests) {
      for (const model::Descriptor& child : manifest.children) {
        add(child.digest.text(), child.digest, manifest.pushed);
      }
    }
  }
  return items;
}

// "last=<number>" of a page of numbered links, as the name that it stands for;
// such a server does not know names there.
std::string WithNamedLast(const std::string& target, const Json& names) {
  const auto last = agent::registry::QueryValue(target, "last");
  if (!last) return target;
  const std::string before = target.substr(0, target.find("last=") + 5);
  const auto number = base::ParseUint64(*last);
  if (!number || *number == 0 || *number > names.size()) return before;
  return before + http::EscapeComponent(names[*number - 1].get<std::string>());
}

}  // namespace

JfrogSimulator::JfrogSimulator(const Listen& listen)
    : server([this](const SeenRequest& request) { return Serve(request); },
             listen) {}

JfrogSimulator::Who JfrogSimulator::WhoSends(const SeenRequest& request) const {
  const Who nobody = anonymous_access ? Who::kAnonymous : Who::kNobody;
  const std::string header = request.Header("Authorization");
  if (header.empty()) return nobody;
  std::string name;
  std::string password;
  if (header.starts_with(kToken)) {
    name = header.substr(sizeof(kToken) - 1);
  } else {
    absl::Base64Unescape(base::ToAbsl(std::string_view(header).substr(
                             std::min<size_t>(6, header.size()))),
                         &password);
    const auto parts = base::SplitOnce(password, ':');
    if (!parts) return Who::kNobody;
    name = std::string(parts->first);
    password = std::string(parts->second);
  }
  const auto user = users.find(name);
  if (user == users.end() ||
      (!header.starts_with(kToken) && user->second.password != password)) {
    return wrong_password_is_anonymous ? nobody : Who::kNobody;
  }
  return user->second.admin ? Who::kAdmin : Who::kUser;
}

Answer JfrogSimulator::Serve(const SeenRequest& request) {
  if (instead != nullptr) return *instead;
  constexpr std::string_view kApi = "/artifactory/api/";
  const std::string path = PathOf(request);
  if (!path.starts_with(kApi)) return Refusal(404, "File not found.");
  const std::string rest = path.substr(kApi.size());
  const Who who = WhoSends(request);
  if (rest.starts_with("docker/") || rest.starts_with("oci/")) {
    return Docker(request, rest, who);
  }
  if (who == Who::kNobody) return Refusal(401, "Bad credentials");
  if (rest.starts_with("system/")) return System(rest, who);
  if (rest.starts_with("repositories")) return Repositories(request, who);
  if (rest.starts_with("security/users/")) return UserOf(rest.substr(15), who);
  if (rest == "search/aql") return Search(request, who);
  return Refusal(404, "Not Found");
}

Answer JfrogSimulator::System(const std::string& path, Who) const {
  if (path == "system/ping") {
    return {.status = 200,
            .headers = {},
            .body = "OK",
            .content_type = "text/plain"};
  }
  if (path == "system/version") {
    return Ok(
        {{"version", version}, {"revision", "1"}, {"addons", Json::array()}});
  }
  return Refusal(404, "Not Found");
}

Answer JfrogSimulator::Repositories(const SeenRequest& request, Who who) const {
  if (PathOf(request).ends_with("/configurations")) {
    if (version < "7.61.3") return Refusal(400, "Bad Request");
    if (who != Who::kAdmin) return Refusal(403, "Forbidden");
    return Ok({{"LOCAL", Json::array()}});
  }
  const std::string package =
      agent::registry::QueryValue(request.target, "packageType").value_or("");
  if (package == "oci" && version < "7.75") {
    return Refusal(400, "Unsupported package type");
  }
  Json list = Json::array();
  for (const auto& [key, repository] : repositories) {
    if (repository.package != package) continue;
    if (who != Who::kAdmin && !repository.open) continue;
    list.push_back(
        {{"key", key},
         {"type", repository.type},
         {"url", base::StrCat(server.url().Origin(), "/artifactory/", key)},
         {"packageType", "Docker"}});
  }
  return Ok(list);
}

Answer JfrogSimulator::UserOf(const std::string& name, Who who) const {
  if (who != Who::kAdmin) return Refusal(403, "Forbidden");
  const auto user = users.find(name);
  if (user == users.end()) return Refusal(404, "User not found");
  return Ok({{"name", name}, {"admin", user->second.admin}});
}

Answer JfrogSimulator::Search(const SeenRequest& request, Who who) const {
  if (search_status != 200) return Refusal(search_status, "search");
  if (request.method != "POST" || request.body.size() > kMaxQuery) {
    return Refusal(400, "Query is too long");
  }
  const auto criteria = AqlCriteria(request.body);
  if (!criteria) return Refusal(400, "Failed to parse query");
  Json results = Json::array();
  size_t limited = 0;
  for (const auto& [key, repository] : repositories) {
    if (repository.type == "VIRTUAL") continue;
    const bool remote = repository.type == "REMOTE";
    for (Json& item :
         Items(remote ? key + "-cache" : key, repository.content)) {
      if (!AqlMatches(*criteria, item)) continue;
      if (who != Who::kAdmin && ++limited > kMaxResultsOfUser) break;
      // Permissions come after the limit: a page may be short and not the end.
      const std::string place =
          base::StrCat(item["repo"].get<std::string>(), "/",
                       item["path"].get<std::string>());
      if (!hidden_from_search.contains(place)) results.push_back(item);
    }
  }
  const size_t total = results.size();
  return Ok(
      {{"results", std::move(results)},
       {"range", {{"start_pos", 0}, {"end_pos", total}, {"total", total}}}});
}

const JfrogSimulator::Repository* JfrogSimulator::Behind(
    const std::string& key) const {
  for (const auto& [name, repository] : repositories) {
    const bool remote = repository.type == "REMOTE";
    // A cache comes into being with the first image that is in it.
    if (remote && repository.content.repositories.empty()) continue;
    if (key == (remote ? name + "-cache" : name)) return &repository;
  }
  return nullptr;
}

Answer JfrogSimulator::Token(const SeenRequest& request) const {
  const Who who = WhoSends(request);
  if (who != Who::kUser && who != Who::kAdmin) {
    return DistributionError(401, "UNAUTHORIZED", "bad credentials");
  }
  std::string text;
  absl::Base64Unescape(request.Header("Authorization").substr(6), &text);
  const std::string token = base::StrCat(std::string_view(kToken).substr(7),
                                         text.substr(0, text.find(':')));
  return Ok({{"token", token}, {"expires_in", 3600}});
}

// "docker/<key>/v2/..."
Answer JfrogSimulator::Docker(const SeenRequest& request,
                              const std::string& rest, Who who) {
  const size_t start = rest.find('/') + 1;
  const size_t end = rest.find("/v2/", start);
  if (end == rest.npos) return Refusal(404, "Not Found");
  const std::string key = rest.substr(start, end - start);
  const std::string prefix =
      base::StrCat("/artifactory/api/", rest.substr(0, end));
  if (PathOf(request) == prefix + "/v2/token") return Token(request);
  const Repository* repository = Behind(key);
  if (repository == nullptr ||
      !rest.starts_with(base::StrCat(repository->package, "/"))) {
    return DistributionError(400, "UNSUPPORTED",
                             "Unsupported docker repository request for 'v2'");
  }
  const bool may_read = who == Who::kAdmin || who == Who::kUser ||
                        (who == Who::kAnonymous && repository->open);
  if (!may_read) {
    Answer refusal =
        DistributionError(401, "UNAUTHORIZED", "authentication required");
    refusal.headers.emplace_back(
        "WWW-Authenticate",
        base::StrCat("Bearer realm=\"", server.url().Origin(), prefix,
                     "/v2/token\",service=\"artifactory\""));
    return refusal;
  }
  SeenRequest inner = request;
  inner.target = request.target.substr(prefix.size());
  const bool is_list =
      PathOf(inner).ends_with("/tags/list") || PathOf(inner) == "/v2/_catalog";
  const Distribution distribution(repository->content);
  if (!is_list) return distribution.Serve(inner);
  SeenRequest whole = inner;
  Json names = Json::array();
  if (numeric_last) {
    if (PathOf(inner) == "/v2/_catalog") {
      for (const auto& [name, r] : repository->content.repositories) {
        names.push_back(name);
      }
    } else {
      const std::string image =
          PathOf(inner).substr(4, PathOf(inner).size() - 14);
      for (const auto& [name, t] :
           repository->content.repositories.at(image).tags) {
        names.push_back(name);
      }
    }
    inner.target = WithNamedLast(inner.target, names);
  }
  // The link is that of /v2/ without the key's path.
  Answer answer = distribution.Serve(inner);
  if (!with_links) answer.headers.clear();
  if (numeric_last && !answer.headers.empty()) {
    const std::string last =
        agent::registry::QueryValue(answer.headers[0].second, "last")
            .value_or("");
    const auto at = std::find(names.begin(), names.end(), last);
    answer.headers[0].second = base::StrCat(
        "<", PathOf(inner),
        "?n=1000&last=", static_cast<uint64_t>(at - names.begin()) + 1,
        ">; rel=\"next\"");
  }
  return answer;
}

}  // namespace landwaiter::test
