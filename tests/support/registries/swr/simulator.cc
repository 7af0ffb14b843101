#include "tests/support/registries/swr/simulator.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "agent/registry/cloud/canonical.h"
#include "agent/registry/cloud/signature.h"
#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "tests/support/registries/distribution.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;
namespace cloud = agent::registry::cloud;

constexpr absl::Duration kMaxAge = absl::Minutes(15);

Answer Refusal(int status, const std::string& code,
               const std::string& message) {
  const Json body = {
      {"errors", {{{"errorCode", code}, {"errorMessage", message}}}},
      {"error_code", code},
      {"error_msg", message}};
  return {.status = status, .headers = {}, .body = body.dump()};
}

Answer Ok(const Json& body) {
  return {.status = 200, .headers = {}, .body = body.dump()};
}

std::string Time(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone());
}

std::string Field(const std::string& header, const std::string& name) {
  const size_t at = header.find(name + "=");
  if (at == header.npos) return "";
  const size_t start = at + name.size() + 1;
  return header.substr(start, header.find(',', start) - start);
}

uint64_t NumberIn(const SeenRequest& request, const char* name,
                  uint64_t otherwise) {
  const auto text = agent::registry::QueryValue(request.target, name);
  return text ? base::ParseUint64(*text).value_or(otherwise) : otherwise;
}

}  // namespace

SwrSimulator::SwrSimulator(base::Clock& clock, const Listen& listen)
    : server([this](const SeenRequest& request) { return Serve(request); },
             listen),
      clock_(clock) {}

Answer SwrSimulator::Serve(const SeenRequest& request) {
  const std::string path(cloud::PathOf(request.target));
  if (path == "/") {
    if (root) return *root;
    return Ok({{"versions", {{{"id", "v2"}, {"status", "CURRENT"}}}}});
  }
  const bool api = path.starts_with("/v2/manage/") ||
                   path.starts_with("/v3/") ||
                   path.starts_with("/v2/project-1/instances");
  if (!api) return V2(request);
  if (const auto refusal = Gate(request, path)) return *refusal;
  return Api(request, path);
}

// As https://support.huaweicloud.com/intl/en-us/devg-apisign has it.
std::optional<Answer> SwrSimulator::Gate(const SeenRequest& request,
                                         const std::string& path) const {
  const std::string header = request.Header("Authorization");
  const auto wrong = [](const std::string& why) {
    return Refusal(401, "APIGW.0301",
                   "Incorrect IAM authentication information: " + why);
  };
  if (!header.starts_with("SDK-HMAC-SHA256 Access=")) return wrong("no header");
  const std::string date = request.Header("X-Sdk-Date");
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%E4Y%m%dT%H%M%SZ", date, absl::UTCTimeZone(), &time,
                       &error) ||
      absl::AbsDuration(time - clock_.Now()) > kMaxAge) {
    return wrong("x-sdk-date expired");
  }
  http::Headers signed_headers;
  const std::string names = Field(header, "SignedHeaders");
  for (const std::string_view name : base::Split(names, ';')) {
    signed_headers.emplace_back(std::string(name), request.Header(name));
  }
  const std::string access = Field(header, "SDK-HMAC-SHA256 Access");
  const bool powerless = access == powerless_key.username;
  if (!powerless && access != key.username) {
    return wrong("AK access failed to reach the limit");
  }
  if (header != cloud::HuaweiAuthorization(request.method, request.target,
                                           signed_headers, request.body,
                                           powerless ? powerless_key : key)) {
    return wrong("verify aksk signature fail");
  }
  if (powerless || denied.contains(path)) {
    return Refusal(403, "SVCSTG.SWR.4030170", "no permission");
  }
  return std::nullopt;
}

Answer SwrSimulator::Api(const SeenRequest& request, const std::string& path) {
  if (path == "/v2/manage/namespaces")
    return Ok({{"namespaces", Namespaces()}});
  if (path == "/v2/manage/repos") {
    if (loses_one_while_listed && NumberIn(request, "offset", 0) > 0) {
      loses_one_while_listed = false;
      content.repositories.erase(content.repositories.begin());
    }
    return List(request, Repositories());
  }
  if (path == "/v2/manage/utils/secret") {
    return request.method == "POST" ? Secret()
                                    : Refusal(405, "SVCSTG.SWR.4050000", "no");
  }
  if (path == "/v3/projects") {
    return Ok({{"projects", {{{"id", "project-1"}, {"name", region}}}}});
  }
  if (path.starts_with("/v2/project-1/instances/")) {
    return Enterprise(request, path);
  }
  if (path == "/v2/project-1/instances") {
    Json list = Json::array();
    for (const Instance& i : instances) {
      list.push_back({{"id", i.id},
                      {"name", i.name},
                      {"status", "Running"},
                      {"access_address", i.address}});
    }
    const size_t total = list.size();
    return Ok({{"instances", std::move(list)}, {"total", total}});
  }
  if (const auto tags = Tags(path)) return List(request, *tags);
  return Refusal(404, "SVCSTG.SWR.4040000", "not found");
}

Answer SwrSimulator::List(const SeenRequest& request, const Json& all) const {
  const uint64_t offset = NumberIn(request, "offset", 0);
  const uint64_t limit =
      std::min<uint64_t>(NumberIn(request, "limit", 100), 1000);
  Json some = Json::array();
  for (uint64_t i = offset; i < offset + limit && i < all.size(); ++i) {
    some.push_back(all[i]);
  }
  Answer answer = Ok(some);
  if (tells_total) {
    answer.headers.emplace_back(
        "Content-Range",
        base::StrCat(offset, "-", offset + some.size(), "/", all.size()));
  }
  return answer;
}

Json SwrSimulator::Namespaces() const {
  std::set<std::string> names;
  for (const auto& [name, repository] : content.repositories) {
    names.insert(name.substr(0, name.find('/')));
  }
  Json list = Json::array();
  for (const std::string& name : names) {
    const auto found = auth.find(name);
    list.push_back({{"id", 1},
                    {"name", name},
                    {"auth", found == auth.end() ? 7 : found->second}});
  }
  return list;
}

Json SwrSimulator::Repositories() const {
  Json all = Json::array();
  for (const auto& [name, repository] : content.repositories) {
    absl::Time updated = absl::UnixEpoch();
    for (const auto& [tag, stored] : repository.tags) {
      updated = std::max(updated, stored.pushed);
    }
    all.push_back({{"name", name.substr(name.find('/') + 1)},
                   {"namespace", name.substr(0, name.find('/'))},
                   {"num_images", repository.tags.size()},
                   {"updated_at", Time(updated)}});
  }
  return all;
}

// "/v2/manage/namespaces/{ns}/repos/{repo}/tags": a "/" in the repository's
// name is a "$", or there is no such path.
std::optional<Json> SwrSimulator::Tags(const std::string& path) const {
  const auto parts = base::Split(path, '/');
  if (parts.size() != 8 || parts[3] != "namespaces" || parts[5] != "repos" ||
      parts[7] != "tags") {
    return std::nullopt;
  }
  std::string name = http::Unescape(parts[6]);
  std::replace(name.begin(), name.end(), '$', '/');
  const auto found =
      content.repositories.find(base::StrCat(parts[4], "/", name));
  if (found == content.repositories.end()) return std::nullopt;
  Json all = Json::array();
  for (const auto& [tag, stored] : found->second.tags) {
    const StoredManifest& manifest = found->second.manifests.at(stored.digest);
    all.push_back({{"id", 1},
                   {"Tag", tag},
                   {"digest", stored.digest.text()},
                   {"size", manifest.size},
                   {"manifest", manifest.bytes},
                   {"updated", Time(stored.pushed)},
                   {"tag_type", manifest.children.empty() ? 0 : 1}});
  }
  return all;
}

Answer SwrSimulator::Secret() {
  login_until_ = clock_.Now() + absl::Hours(6);
  const std::string account =
      base::StrCat(region, "@TEMPORARY:password-", ++logins_);
  login_ = account;
  Answer answer =
      Ok({{"auths",
           {{login_host.empty() ? cloud::HostHeader(server.url()) : login_host,
             {{"auth", absl::Base64Escape(account)}}}}}});
  answer.headers.emplace_back("X-Swr-Expireat", Time(login_until_));
  return answer;
}

Answer SwrSimulator::TempCredential() {
  login_until_ = clock_.Now() + absl::Hours(6);
  const std::string password = base::StrCat("password-", ++logins_);
  login_ = base::StrCat("ee-user:", password);
  Answer answer = Ok({{"user_id", "ee-user"},
                      {"auth_token", password},
                      {"expire_date", Time(login_until_)}});
  answer.status = 201;
  return answer;
}

Json SwrSimulator::EnterpriseRepositories() const {
  Json all = Json::array();
  for (const auto& [name, repository] : content.repositories) {
    all.push_back({{"namespace_name", name.substr(0, name.find('/'))},
                   {"name", name.substr(name.find('/') + 1)},
                   {"tag_count", repository.tags.size()}});
  }
  return all;
}

// Also of what there is not.
Json SwrSimulator::Artifacts(const std::string& repository) const {
  Json all = Json::array();
  const auto found = content.repositories.find(repository);
  if (found == content.repositories.end() || blinded.contains(repository)) {
    return all;
  }
  for (const auto& [digest, manifest] : found->second.manifests) {
    Json row = {{"digest", digest.text()},
                {"type", "IMAGE"},
                {"manifest_media_type", manifest.media_type},
                {"size", manifest.size},
                {"push_time", Time(manifest.pushed)},
                {"tags", nullptr}};
    for (const auto& [tag, stored] : found->second.tags) {
      if (stored.digest == digest) row["tags"].push_back({{"name", tag}});
    }
    all.push_back(std::move(row));
  }
  return all;
}

// ".../<id>/repositories", ".../<id>/temp-credential" and
// ".../<id>/namespaces/<ns>/repositories/<name>/artifacts": the gateway undoes
// one encoding of the name, and a "/" that it makes is no part of a path.
Answer SwrSimulator::Enterprise(const SeenRequest& request,
                                const std::string& path) {
  const auto parts = base::Split(path, '/');
  const bool known =
      std::any_of(instances.begin(), instances.end(),
                  [&](const Instance& i) { return i.id == parts[4]; });
  if (!known) return Refusal(404, "SVCSTG.SWR.4040000", "no such instance");
  if (parts.size() == 6 && parts[5] == "temp-credential") {
    return request.method == "POST" ? TempCredential()
                                    : Refusal(405, "SVCSTG.SWR.4050000", "no");
  }
  std::string collection = "repositories";
  Json all;
  if (parts.size() == 6 && parts[5] == collection) {
    all = EnterpriseRepositories();
  } else if (parts.size() == 10 && parts[9] == "artifacts") {
    collection = "artifacts";
    const std::string once = http::Unescape(parts[8]);
    if (base::Contains(once, "/")) {
      return Refusal(404, "APIGW.0101", "the API does not exist");
    }
    all = Artifacts(base::StrCat(parts[6], "/", http::Unescape(once)));
  } else {
    return Refusal(404, "APIGW.0101", "the API does not exist");
  }
  const uint64_t limit = NumberIn(request, "limit", 10);
  const uint64_t offset = NumberIn(request, "offset", 0);
  if (limit == 0 || limit > 100 || offset % limit != 0) {
    return Refusal(400, "SVCSTG.SWR.4000000", "invalid limit or offset");
  }
  if (loses_one_while_listed && offset > 0) {
    loses_one_while_listed = false;
    content.repositories.erase(content.repositories.begin());
    all.erase(all.begin());
  }
  Json some = Json::array();
  for (uint64_t i = offset; i < offset + limit && i < all.size(); ++i) {
    some.push_back(all[i]);
  }
  return Ok({{collection, std::move(some)}, {"total", all.size()}});
}

Answer SwrSimulator::V2(const SeenRequest& request) {
  const std::string right = base::StrCat("Basic ", absl::Base64Escape(login_));
  const bool logged_in = logins_ > 0 && clock_.Now() < login_until_ &&
                         request.Header("Authorization") == right;
  const std::string path(cloud::PathOf(request.target));
  if (path == "/swr/auth/v2/registry/auth") {
    if (!logged_in) return {401, {}, ""};
    return Ok(
        {{"token",
          agent::registry::QueryValue(request.target, "scope").value_or("")},
         {"expires_in", 300}});
  }
  const Distribution::Authorize authorize =
      [&](const SeenRequest& seen,
          const std::string& scope) -> std::optional<Answer> {
    if (!scope.empty() &&
        seen.Header("Authorization") == base::StrCat("Bearer ", scope)) {
      return std::nullopt;
    }
    Answer challenge = DistributionError(401, "UNAUTHORIZED", "log in");
    challenge.headers.emplace_back(
        "WWW-Authenticate",
        base::StrCat("Bearer realm=\"", server.url().Origin(),
                     "/swr/auth/v2/registry/auth\",service=\"dockyard\""));
    return challenge;
  };
  if (!path.starts_with("/v2/")) return {404, {}, ""};
  return Distribution(content, authorize).Serve(request);
}

}  // namespace landwaiter::test
