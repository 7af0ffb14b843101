#include "tests/support/registries/acr/simulator.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "agent/registry/cloud/canonical.h"
#include "agent/registry/cloud/signature.h"
#include "core/base/strings.h"
#include "tests/support/registries/distribution.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;
namespace cloud = agent::registry::cloud;

constexpr absl::Duration kMaxAge = absl::Minutes(15);
constexpr char kUser[] = "cr_temp_user";

Answer Refusal(int status, const std::string& code) {
  const Json body = {{"RequestId", "1B21A877"},
                     {"HostId", "cr.aliyuncs.com"},
                     {"Code", code},
                     {"Message", "refused"},
                     {"Recommend", "https://error-center.aliyun.com"}};
  return {.status = status, .headers = {}, .body = body.dump()};
}

Answer Ok(const Json& body) {
  return {.status = 200, .headers = {}, .body = body.dump()};
}

std::map<std::string, std::string> ParametersOf(const std::string& target) {
  std::map<std::string, std::string> parameters;
  for (const auto& [name, value] : cloud::QueryParameters(target)) {
    parameters[name] = value;
  }
  return parameters;
}

uint64_t NumberIn(const std::map<std::string, std::string>& parameters,
                  const std::string& name, uint64_t otherwise) {
  const auto found = parameters.find(name);
  return found == parameters.end()
             ? otherwise
             : base::ParseUint64(found->second).value_or(otherwise);
}

// Entries of a list on a page of at most 100.
Json Page(const Json& all, uint64_t page, uint64_t size) {
  size = std::min<uint64_t>(size, 100);
  Json some = Json::array();
  for (uint64_t i = (page - 1) * size; i < page * size && i < all.size(); ++i) {
    some.push_back(all[i]);
  }
  return some;
}

absl::Time ReadTime(const char* format, const std::string& text) {
  absl::Time time;
  std::string error;
  return absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error)
             ? time
             : absl::InfinitePast();
}

std::pair<std::string, std::string> SplitName(const std::string& name) {
  const auto parts = base::SplitOnce(name, '/');
  return {std::string(parts->first), std::string(parts->second)};
}

}  // namespace

AcrSimulator::AcrSimulator(base::Clock& clock, const Listen& listen)
    : server([this](const SeenRequest& request) { return Serve(request); },
             listen),
      clock_(clock) {}

Answer AcrSimulator::Serve(const SeenRequest& request) {
  const std::string path(cloud::PathOf(request.target));
  if (path.starts_with("/v2/")) return V2(request);
  if (path == "/token") return Token(request);
  if (path == "/") return Rpc(request);
  return Roa(request);
}

Answer AcrSimulator::V2(const SeenRequest& request) {
  if (root) return *root;
  const Distribution::Authorize authorize =
      [&](const SeenRequest& seen,
          const std::string& scope) -> std::optional<Answer> {
    if (scope != "" &&
        seen.Header("Authorization") == base::StrCat("Bearer ", scope)) {
      return std::nullopt;
    }
    // ACR has no catalog.
    if (scope.starts_with("registry:")) return Answer{404, {}, ""};
    Answer challenge = DistributionError(401, "UNAUTHORIZED", "log in");
    challenge.headers.emplace_back(
        "WWW-Authenticate",
        base::StrCat("Bearer realm=\"", server.url().Origin(),
                     "/token\",service=\"registry.aliyuncs.com:", region, ":",
                     enterprise ? instance : "26842", "\""));
    return challenge;
  };
  return Distribution(content, authorize).Serve(request);
}

Answer AcrSimulator::Token(const SeenRequest& request) {
  const std::string right = base::StrCat(
      "Basic ",
      absl::Base64Escape(base::StrCat(kUser, ":temporary-", logins_)));
  if (request.Header("Authorization") != right ||
      clock_.Now() >= login_until_) {
    return {401, {}, ""};
  }
  return Ok({{"access_token", ParametersOf(request.target)["scope"]},
             {"expires_in", 300}});
}

std::string AcrSimulator::SecretOf(const std::string& access_key) const {
  for (const auto* known : {&key, &powerless_key}) {
    if (access_key == known->username) return known->password;
  }
  return "";
}

std::optional<Answer> AcrSimulator::Gate(const std::string& access_key,
                                         bool signature_fits, absl::Time when,
                                         const std::string& nonce,
                                         const std::string& call) {
  if (SecretOf(access_key).empty()) {
    return Refusal(404, "InvalidAccessKeyId.NotFound");
  }
  if (absl::AbsDuration(when - clock_.Now()) > kMaxAge) {
    return Refusal(400, "InvalidTimeStamp.Expired");
  }
  if (!signature_fits) return Refusal(400, "SignatureDoesNotMatch");
  if (nonce.empty() || !nonces_.insert(nonce).second) {
    return Refusal(400, "SignatureNonceUsed");
  }
  if (throttled > 0) {
    --throttled;
    return Refusal(400, "Throttling.User");
  }
  if (access_key == powerless_key.username || denied.contains(call)) {
    return Refusal(403, "Forbidden.RAM");
  }
  if (!failure_with_200.empty()) {
    return Ok({{"IsSuccess", false}, {"Code", failure_with_200}});
  }
  return std::nullopt;
}

Answer AcrSimulator::Rpc(const SeenRequest& request) {
  auto parameters = ParametersOf(request.target);
  const std::string signature = parameters["Signature"];
  parameters.erase("Signature");
  const std::string action = parameters["Action"];
  if (const auto refusal =
          Gate(parameters["AccessKeyId"],
               signature == cloud::AlibabaRpcSignature(
                                request.method, parameters,
                                SecretOf(parameters["AccessKeyId"])),
               ReadTime("%Y-%m-%dT%H:%M:%SZ", parameters["Timestamp"]),
               parameters["SignatureNonce"], action)) {
    return *refusal;
  }
  if (parameters["Version"] != "2018-12-01") {
    return Refusal(400, "InvalidVersion");
  }
  const uint64_t page = NumberIn(parameters, "PageNo", 1);
  const uint64_t size = NumberIn(parameters, "PageSize", 30);
  Json body = {{"IsSuccess", true}, {"Code", "success"}};
  if (action == "ListInstance") {
    body.update(Json{{"TotalCount", instances.size()},
                     {"Instances", Page(Instances(), page, size)}});
    return Ok(body);
  }
  if (action == "ListInstanceEndpoint") {
    body["Endpoints"] = Endpoints(parameters["InstanceId"]);
    return Ok(body);
  }
  if (parameters["InstanceId"] != instance) {
    return Ok({{"IsSuccess", false}, {"Code", "INSTANCE_NOT_EXIST"}});
  }
  if (action == "ListNamespace") {
    body.update(Json{{"TotalCount", "0"}, {"Namespaces", Json::array()}});
    return Ok(body);
  }
  if (action == "ListRepository") {
    body.update(Repositories("", page, size));
    return Ok(body);
  }
  if (action == "GetRepository") {
    const std::string name = base::StrCat(parameters["RepoNamespaceName"], "/",
                                          parameters["RepoName"]);
    if (!content.repositories.contains(name)) {
      return Ok({{"IsSuccess", false}, {"Code", "REPO_NOT_EXIST"}});
    }
    body["RepoId"] = base::StrCat("crr-", name);
    return Ok(body);
  }
  if (action == "ListRepoTag") {
    const auto images = Images(parameters["RepoId"].substr(4), page, size);
    if (!images) return Ok({{"IsSuccess", false}, {"Code", "REPO_NOT_EXIST"}});
    body.update(*images);
    return Ok(body);
  }
  if (action == "GetAuthorizationToken") {
    login_until_ = clock_.Now() + absl::Hours(1);
    body.update(
        Json{{"TempUsername", kUser},
             {"AuthorizationToken", base::StrCat("temporary-", ++logins_)},
             {"ExpireTime", absl::ToUnixMillis(login_until_)}});
    return Ok(body);
  }
  return Refusal(404, "InvalidAction.NotFound");
}

Answer AcrSimulator::Roa(const SeenRequest& request) {
  const std::string header = request.Header("Authorization");
  const auto parts = base::SplitOnce(header, ':');
  if (!parts || !parts->first.starts_with("acs ")) {
    return Refusal(400, "IncompleteSignature");
  }
  http::Headers signed_headers;
  for (const char* name : {"Accept", "Content-MD5", "Content-Type", "Date"}) {
    signed_headers.emplace_back(name, request.Header(name));
  }
  for (const auto& [name, value] : request.headers) {
    if (base::ToLower(name).starts_with("x-acs-")) {
      signed_headers.emplace_back(base::ToLower(name), value);
    }
  }
  const std::string path(cloud::PathOf(request.target));
  const std::string access_key(parts->first.substr(4));
  if (const auto refusal =
          Gate(access_key,
               header == cloud::AlibabaRoaAuthorization(
                             request.method, request.target, signed_headers,
                             {access_key, SecretOf(access_key)}),
               ReadTime("%a, %d %b %Y %H:%M:%S GMT", request.Header("Date")),
               request.Header("x-acs-signature-nonce"), path)) {
    return *refusal;
  }
  if (request.Header("x-acs-version") != "2016-06-07") {
    return Refusal(400, "InvalidVersion");
  }
  if (!personal_activated) return Refusal(404, "USER_NOT_EXIST");
  const auto parameters = ParametersOf(request.target);
  const uint64_t page = NumberIn(parameters, "Page", 1);
  const uint64_t size = NumberIn(parameters, "PageSize", 30);
  const auto data = [&](Json json, uint64_t total) {
    json.update(Json{{"page", page}, {"pageSize", size}, {"total", total}});
    return Ok({{"data", std::move(json)}, {"requestId", "9AFB"}});
  };
  if (path == "/namespace") {
    std::set<std::string> names;
    for (const auto& [name, r] : content.repositories) {
      names.insert(SplitName(name).first);
    }
    Json list = Json::array();
    for (const std::string& name : names) {
      list.push_back({{"namespace", name}, {"namespaceStatus", "NORMAL"}});
    }
    return Ok({{"data", {{"namespaces", list}}}});
  }
  if (!path.starts_with("/repos/")) return Refusal(404, "InvalidApi.NotFound");
  const std::string rest = path.substr(7);
  if (rest.ends_with("/tags")) {
    const auto images = Images(rest.substr(0, rest.size() - 5), page, size);
    if (!images) return Refusal(404, "REPO_NOT_EXIST");
    Json tags = Json::array();
    for (const Json& image : (*images)["Images"]) {
      tags.push_back(
          {{"tag", image["Tag"]},
           {"digest", image["Digest"]},
           {"imageSize", image["ImageSize"]},
           {"imageUpdate",
            *base::ParseInt64(image["ImageUpdate"].get<std::string>())},
           {"status", "NORMAL"}});
    }
    return data({{"tags", std::move(tags)}},
                *base::ParseUint64((*images)["TotalCount"].get<std::string>()));
  }
  const Json found = Repositories(rest, page, size);
  Json repos = Json::array();
  for (const Json& entry : found["Repositories"]) {
    repos.push_back({{"repoName", entry["RepoName"]},
                     {"repoNamespace", entry["RepoNamespaceName"]},
                     {"repoStatus", "NORMAL"}});
  }
  return data({{"repos", std::move(repos)}},
              *base::ParseUint64(found["TotalCount"].get<std::string>()));
}

Json AcrSimulator::Instances() const {
  Json list = Json::array();
  for (const Instance& i : instances) {
    list.push_back({{"InstanceId", i.id},
                    {"InstanceName", i.name},
                    {"InstanceStatus", "RUNNING"},
                    {"RegionId", region}});
  }
  return list;
}

Json AcrSimulator::Endpoints(const std::string& id) const {
  Json list = Json::array();
  for (const Instance& i : instances) {
    if (i.id != id) continue;
    Json domains = {{{"Domain", i.domain}, {"Type", "SYSTEM"}}};
    list.push_back({{"EndpointType", "internet"},
                    {"Enable", true},
                    {"Domains", std::move(domains)}});
  }
  return list;
}

Json AcrSimulator::Repositories(const std::string& ns, uint64_t page,
                                uint64_t size) {
  if (loses_one_while_listed && page == 2) {
    content.repositories.erase(content.repositories.begin());
    loses_one_while_listed = false;
  }
  Json all = Json::array();
  for (const auto& [name, repository] : content.repositories) {
    const auto [its_ns, its_name] = SplitName(name);
    if (!ns.empty() && its_ns != ns) continue;
    all.push_back({{"RepoId", base::StrCat("crr-", name)},
                   {"RepoNamespaceName", its_ns},
                   {"RepoName", its_name},
                   {"RepoStatus", "NORMAL"}});
  }
  return {{"TotalCount", base::StrCat(all.size())},
          {"Repositories", Page(all, page, size)}};
}

std::optional<Json> AcrSimulator::Images(const std::string& repository,
                                         uint64_t page, uint64_t size) {
  const auto found = content.repositories.find(repository);
  if (found == content.repositories.end()) return std::nullopt;
  Json all = Json::array();
  for (const auto& [tag, stored] : found->second.tags) {
    const StoredManifest& manifest = found->second.manifests.at(stored.digest);
    const std::string pushed = base::StrCat(absl::ToUnixMillis(stored.pushed));
    all.push_back({{"Tag", tag},
                   {"Digest", DigestText(stored.digest)},
                   {"ImageId", "x"},
                   {"Status", "NORMAL"},
                   {"ImageSize", manifest.size},
                   {"ImageCreate", pushed},
                   {"ImageUpdate", pushed}});
  }
  return Json{{"TotalCount", base::StrCat(all.size())},
              {"Images", Page(all, page, size)}};
}

std::string AcrSimulator::DigestText(const model::Digest& digest) const {
  return bare_digests ? std::string(digest.hex()) : digest.text();
}

}  // namespace landwaiter::test
