#include "tests/support/registries/google/simulator.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "tests/support/registries/distribution.h"
#include "tests/support/registries/google/grant.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;

constexpr absl::Duration kTokenLasts = absl::Hours(1);

Answer Ok(const Json& body) { return {.body = body.dump()}; }

Answer ApiError(int code, const std::string& status, const std::string& message,
                const Json& details = Json::array()) {
  return {.status = code,
          .headers = {},
          .body = Json{{"error",
                        {{"code", code},
                         {"status", status},
                         {"message", message},
                         {"details", details}}}}
                      .dump()};
}

std::string PathOf(const std::string& target) {
  return target.substr(0, target.find('?'));
}

}  // namespace

GoogleSimulator::GoogleSimulator(base::Clock& clock)
    : server([this](const SeenRequest& request) { return Serve(request); }),
      clock_(clock) {
  for (const auto& [name, repository] : StandardContent().repositories) {
    content.repositories[base::StrCat(project, "/", name)] = repository;
  }
  content.blobs = StandardContent().blobs;
}

Answer GoogleSimulator::Serve(const SeenRequest& request) {
  if (base::Contains(request.body, "PRIVATE") ||
      request.Header("Authorization").size() > 1000) {
    ++keys_seen;
  }
  if (request.target == "/token") return Grant(request);
  if (request.target.starts_with("/v1/")) return Api(request);
  if (request.target.starts_with("/v2/")) return V2(request);
  return {404, {}, "<html>", "text/html"};
}

Answer GoogleSimulator::Grant(const SeenRequest& request) {
  const auto form = base::StrCat("/?", request.body);
  std::string fault = "Bad Request";
  if (request.method == "POST" &&
      agent::registry::QueryValue(form, "grant_type") ==
          "urn:ietf:params:oauth:grant-type:jwt-bearer") {
    fault = FaultOfGrant(
        agent::registry::QueryValue(form, "assertion").value_or(""),
        clock_.Now());
  }
  if (!knows_account) fault = "Invalid grant: account not found";
  if (!fault.empty()) {
    return {
        400,
        {},
        Json{{"error", "invalid_grant"}, {"error_description", fault}}.dump()};
  }
  const std::string token = base::StrCat("ya29.token-", ++tokens_);
  tokens_until_[token] = clock_.Now() + kTokenLasts;
  return Ok({{"access_token", token},
             {"expires_in", 3599},
             {"token_type", "Bearer"}});
}

bool GoogleSimulator::IsGood(const std::string& token) const {
  const auto found = tokens_until_.find(token);
  return found != tokens_until_.end() && clock_.Now() < found->second;
}

std::string GoogleSimulator::NameOf(const std::string& id,
                                    const std::string& image) const {
  return gcr_host.empty() ? base::StrCat(project, "/", id, "/", image)
                          : base::StrCat(project, "/", image);
}

Answer GoogleSimulator::Api(const SeenRequest& request) {
  const std::string header = request.Header("Authorization");
  if (!header.starts_with("Bearer ") || !IsGood(header.substr(7))) {
    return ApiError(401, "UNAUTHENTICATED", "invalid authentication");
  }
  if (!api_enabled) {
    return ApiError(403, "PERMISSION_DENIED",
                    "Artifact Registry API has not been used in project 1",
                    {{{"reason", "SERVICE_DISABLED"}}});
  }
  std::string key;
  const std::string path = PathOf(request.target);
  const auto all = Collection(path, key);
  const std::string permission =
      base::StrCat("artifactregistry.", key, ".list");
  if (denied.contains(permission) ||
      !path.starts_with(base::StrCat("/v1/projects/", project, "/"))) {
    return ApiError(403, "PERMISSION_DENIED",
                    base::StrCat("Permission '", permission,
                                 "' denied on resource '//artifactregistry."
                                 "googleapis.com/x' (or it may not exist)."));
  }
  if (!all) return ApiError(404, "NOT_FOUND", "Requested entity was not found");
  return Page(request, key, *all);
}

// "/v1/projects/P/locations/L/repositories[/R/packages[/I/versions]]"
std::optional<Json> GoogleSimulator::Collection(const std::string& path,
                                                std::string& key) const {
  const auto parts = base::Split(path, '/');
  if (parts.size() < 7) return std::nullopt;
  key = parts.back();
  const std::string parent =
      base::StrCat("projects/", parts[3], "/locations/", parts[5]);
  if (parts[5] != (gcr_host.empty() ? location : "us")) return std::nullopt;
  if (parts.size() == 7) return Repositories(parent);
  const std::string id(parts[7]);
  if (parts.size() == 9) {
    Json packages = Packages(parent, id);
    if (packages.empty() && !others.contains(id)) return std::nullopt;
    return packages;
  }
  if (parts.size() == 11 && key == "versions") {
    return Versions(parent, id, http::Unescape(parts[9]));
  }
  return std::nullopt;
}

Json GoogleSimulator::Repositories(const std::string& parent) const {
  std::map<std::string, std::pair<std::string, std::string>> all = others;
  for (const auto& [name, repository] : content.repositories) {
    const auto parts = base::Split(name, '/');
    all[gcr_host.empty() ? std::string(parts[1]) : gcr_host] = {
        "DOCKER", "STANDARD_REPOSITORY"};
  }
  Json list = Json::array();
  for (const auto& [id, kind] : all) {
    list.push_back({{"name", base::StrCat(parent, "/repositories/", id)},
                    {"format", kind.first},
                    {"mode", kind.second}});
  }
  return list;
}

Json GoogleSimulator::Packages(const std::string& parent,
                               const std::string& id) const {
  Json list = Json::array();
  const std::string prefix = NameOf(id, "");
  for (const auto& [name, repository] : content.repositories) {
    if (!name.starts_with(prefix)) continue;
    list.push_back(
        {{"name",
          base::StrCat(parent, "/repositories/", id, "/packages/",
                       http::EscapeComponent(name.substr(prefix.size())))}});
  }
  return list;
}

Json GoogleSimulator::Versions(const std::string& parent, const std::string& id,
                               const std::string& image) const {
  Json list = Json::array();
  const auto found = content.repositories.find(NameOf(id, image));
  if (found == content.repositories.end()) return list;
  for (const auto& [digest, manifest] : found->second.manifests) {
    list.push_back(
        {{"name", base::StrCat(parent, "/repositories/", id, "/packages/",
                               http::EscapeComponent(image), "/versions/",
                               digest.text())}});
  }
  return list;
}

// Lists that are empty are left out, as protobuf's JSON has it.
Answer GoogleSimulator::Page(const SeenRequest& request, const std::string& key,
                             const Json& all) const {
  const auto number = [&](const char* name) {
    const auto text = agent::registry::QueryValue(request.target, name);
    return text ? base::ParseUint64(*text).value_or(0) : 0;
  };
  size_t from = 0;
  const auto token = agent::registry::QueryValue(request.target, "pageToken");
  if (token) {
    const auto parts = base::Split(*token, '/');
    const auto at = base::ParseUint64(parts.back());
    if (parts.size() != 2 || !at ||
        parts[0] != base::StrCat("generation+", page_generation)) {
      return ApiError(400, "INVALID_ARGUMENT", "invalid page token");
    }
    from = *at;
  }
  const size_t size =
      std::min<size_t>(std::max<size_t>(1, number("pageSize")), most_a_page);
  Json body = Json::object();
  for (size_t i = from; i < std::min(from + size, all.size()); ++i) {
    body[key].push_back(all[i]);
  }
  if (from + size < all.size()) {
    body["nextPageToken"] =
        base::StrCat("generation+", page_generation, "/", from + size);
  }
  return Ok(body);
}

Answer GoogleSimulator::V2Token(const SeenRequest& request) {
  const std::string header = request.Header("Authorization");
  std::string login;
  if (!header.starts_with("Basic ") ||
      !absl::Base64Unescape(header.substr(6), &login) ||
      !login.starts_with("oauth2accesstoken:") ||
      !IsGood(login.substr(login.find(':') + 1))) {
    return DistributionError(401, "UNAUTHORIZED", "failed authentication");
  }
  return Ok(
      {{"token",
        base::StrCat(
            "v2.", login.substr(18), ".",
            agent::registry::QueryValue(request.target, "scope").value_or(""))},
       {"expires_in", 3600}});
}

Answer GoogleSimulator::V2(const SeenRequest& request) {
  if (root) return *root;
  const std::string path = PathOf(request.target);
  if (path == "/v2/token") return V2Token(request);
  if (path == "/v2/_catalog") return Ok({{"repositories", Json::array()}});
  const Distribution::Authorize authorize =
      [&](const SeenRequest& seen,
          const std::string& scope) -> std::optional<Answer> {
    const std::string header = seen.Header("Authorization");
    if (denied.contains("artifactregistry.repositories.downloadArtifacts") &&
        !scope.empty() && !header.empty()) {
      return DistributionError(403, "DENIED", "Permission denied");
    }
    if (header.starts_with("Bearer v2.") && header.ends_with("." + scope)) {
      return std::nullopt;
    }
    Answer challenge = DistributionError(401, "UNAUTHORIZED", "log in");
    challenge.headers.emplace_back(
        "WWW-Authenticate",
        base::StrCat(
            "Bearer realm=\"",
            gcr_host.empty() ? server.url().Origin() : "http://" + gcr_host,
            "/v2/token\",service=\"google\""));
    return challenge;
  };
  constexpr std::string_view kList = "/tags/list";
  if (path.ends_with(kList)) {
    const std::string name = path.substr(4, path.size() - 4 - kList.size());
    const auto refusal =
        authorize(request, base::StrCat("repository:", name, ":pull"));
    return refusal ? *refusal : TagList(name);
  }
  return Distribution(content, authorize).Serve(request);
}

// Also of what there is not.
Answer GoogleSimulator::TagList(const std::string& name) const {
  Json body = {{"child", Json::array()},
               {"name", name},
               {"tags", Json::array()},
               {"manifest", Json::object()}};
  const auto found = content.repositories.find(name);
  if (found == content.repositories.end() || blinded.contains(name)) {
    return Ok(body);
  }
  for (const auto& [digest, manifest] : found->second.manifests) {
    Json row = {{"imageSizeBytes", base::StrCat(manifest.size)},
                {"mediaType", manifest.media_type},
                {"tag", Json::array()}};
    // gcr.io writes a text, pkg.dev a number.
    const int64_t uploaded = absl::ToUnixMillis(manifest.pushed);
    row["timeUploadedMs"] =
        gcr_host.empty() ? Json(uploaded) : Json(base::StrCat(uploaded));
    for (const auto& [tag, stored] : found->second.tags) {
      if (stored.digest == digest) row["tag"].push_back(tag);
    }
    body["manifest"][digest.text()] = std::move(row);
  }
  for (const auto& [tag, stored] : found->second.tags) {
    body["tags"].push_back(tag);
  }
  if (!shows_manifests) body.erase("manifest");
  return Ok(body);
}

}  // namespace landwaiter::test
