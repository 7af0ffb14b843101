#include <algorithm>

#include "core/base/strings.h"
#include "core/model/digest.h"
#include "tests/support/registries/gitlab/registry_api.h"
#include "tests/support/registries/gitlab/registry_call.h"

// The /v2/ side of GitLab's registry.
namespace landwaiter::test::gitlab {
namespace {

using nlohmann::json;

constexpr char kImage[] = "application/vnd.oci.image.manifest.v1+json";
constexpr char kIndex[] = "application/vnd.oci.image.index.v1+json";
constexpr char kDockerList[] =
    "application/vnd.docker.distribution.manifest.list.v2+json";

// Splits "a/b/manifests/x" at the last "/manifests/".
std::optional<std::pair<std::string, std::string>> SplitAt(
    const std::string& path, const std::string& word) {
  const size_t at = path.rfind(word);
  if (at == path.npos || at == 0) return std::nullopt;
  const std::string rest = path.substr(at + word.size());
  if (rest.empty() || base::Contains(rest, "/")) return std::nullopt;
  return std::pair(path.substr(0, at), rest);
}

json Names(const std::vector<std::string>& names) {
  json list;  // null if there are none
  for (const std::string& name : names) list.push_back(name);
  return list;
}

Answer WithNext(Answer answer, const std::string& path, const NamePage& page,
                size_t limit) {
  if (page.more) {
    answer.headers.emplace_back(
        "Link", base::StrCat("<", path,
                             "?last=", http::EscapeComponent(page.names.back()),
                             "&n=", limit, ">; rel=\"next\""));
  }
  return answer;
}

}  // namespace

Answer RegistryApi::ServeV2(const Call& call) const {
  if (call.path == "/v2/") {
    if (auto refusal = Refusal(call, {})) return *refusal;
    return {200,
            {{"Gitlab-Container-Registry-Database-Enabled",
              metadata_database_ ? "true" : "false"},
             {"Gitlab-Container-Registry-Features", "tag_delete"},
             {"Gitlab-Container-Registry-Version", "4.39.0-gitlab"}},
            "{}"};
  }
  if (const size_t twice = call.path.find("//"); twice != call.path.npos) {
    std::string path = call.path;
    path.erase(twice, 1);
    Answer answer = MovedTo(path + call.query);
    answer.body.clear();
    answer.content_type = "";
    return answer;
  }
  if (call.path.ends_with("/tags/list/")) {
    return MovedTo(call.path.substr(0, call.path.size() - 1) + call.query);
  }
  if (call.path == "/v2/_catalog") return ServeCatalog(call);
  const std::string rest = call.path.substr(4);
  if (rest.ends_with("/tags/list")) {
    return ServeV2Tags(call, rest.substr(0, rest.size() - 10));
  }
  if (const auto at = SplitAt(rest, "/manifests/")) {
    return ServeManifest(call, at->first, at->second);
  }
  if (const auto at = SplitAt(rest, "/blobs/")) {
    return ServeBlob(call, at->first, at->second);
  }
  return PageNotFound();
}

Answer RegistryApi::ServeCatalog(const Call& call) const {
  if (auto refusal = Refusal(call, {"registry:catalog:*"})) return *refusal;
  int64_t n = base::ParseInt64(call.Value("n").value_or("")).value_or(0);
  if (n > 1000) {
    return ErrorAnswer(400, "PAGINATION_NUMBER_INVALID",
                       "invalid number of results requested",
                       "n must be no larger than 1000");
  }
  if (n <= 0) n = 100;
  std::vector<std::string> names;
  for (const auto& [name, repository] : content_.repositories) {
    names.push_back(name);
  }
  const NamePage page = PageOf(names, call.Value("last").value_or(""), n);
  json list = json::array();
  for (const std::string& name : page.names) list.push_back(name);
  return WithNext(JsonAnswer(200, {{"repositories", list}}), call.path, page,
                  n);
}

Answer RegistryApi::ServeV2Tags(const Call& call,
                                const std::string& path) const {
  if (auto refusal =
          Refusal(call, {base::StrCat("repository:", path, ":pull")})) {
    return *refusal;
  }
  if (path.size() > 255) {
    return ErrorAnswer(500, "UNKNOWN", "unknown error",
                       {{"Name", path}, {"Reason", json::object()}});
  }
  const Repository* repository = Find(path);
  if (repository == nullptr) {
    return ErrorAnswer(404, "NAME_UNKNOWN",
                       "repository name not known to registry",
                       {{"name", path}});
  }
  int64_t n = base::ParseInt64(call.Value("n").value_or("")).value_or(0);
  if (n <= 0) n = 100;
  std::vector<std::string> names;
  for (const auto& [tag, there] : repository->tags) names.push_back(tag);
  const NamePage page = PageOf(names, call.Value("last").value_or(""), n);
  return WithNext(
      JsonAnswer(200, {{"name", path}, {"tags", Names(page.names)}}), call.path,
      page, n);
}

Answer RegistryApi::ServeManifest(const Call& call, const std::string& path,
                                  const std::string& reference) const {
  if (auto refusal =
          Refusal(call, {base::StrCat("repository:", path, ":pull")})) {
    return *refusal;
  }
  const Repository* repository = Find(path);
  const bool by_digest = model::Digest::Parse(reference).ok();
  std::string digest = reference;
  if (!by_digest && repository != nullptr) {
    const auto tag = repository->tags.find(reference);
    digest = tag == repository->tags.end() || tag->second.broken
                 ? ""
                 : tag->second.digest;
  }
  if (repository == nullptr || !repository->manifests.contains(digest)) {
    const json detail = by_digest
                            ? json{{"Name", path}, {"Revision", reference}}
                            : json{{"Tag", reference}};
    return ErrorAnswer(404, "MANIFEST_UNKNOWN", "manifest unknown", detail);
  }
  const std::string accept = call.request.Header("Accept");
  const Manifest* manifest = &repository->manifests.at(digest);
  if (manifest->media_type == kDockerList && !by_digest &&
      !base::Contains(accept, kDockerList)) {
    // Who does not know of lists gets the image for linux/amd64.
    digest = json::parse(manifest->bytes)["manifests"][0]["digest"];
    manifest = &repository->manifests.at(digest);
  }
  for (const auto& [type, what] :
       {std::pair(kIndex, "OCI index"), std::pair(kImage, "OCI manifest")}) {
    if (manifest->media_type != type || base::Contains(accept, type)) continue;
    return ErrorAnswer(404, "MANIFEST_UNKNOWN",
                       base::StrCat(what,
                                    " found, but accept header does not "
                                    "support ",
                                    what, type == kIndex ? "es" : "s"));
  }
  const std::string etag = base::StrCat("\"", digest, "\"");
  const std::string match = call.request.Header("If-None-Match");
  if (match == etag || match == digest) return {304, {}, "", ""};
  return {200,
          {{"Docker-Content-Digest", digest}, {"Etag", etag}},
          manifest->bytes,
          manifest->media_type};
}

Answer RegistryApi::ServeBlob(const Call& call, const std::string& path,
                              const std::string& digest) const {
  if (auto refusal =
          Refusal(call, {base::StrCat("repository:", path, ":pull")})) {
    return *refusal;
  }
  if (!model::Digest::Parse(digest).ok()) {
    return ErrorAnswer(400, "DIGEST_INVALID",
                       "provided digest did not match uploaded content",
                       json::object());
  }
  const Repository* repository = Find(path);
  if (repository == nullptr || !repository->blobs.contains(digest)) {
    return ErrorAnswer(404, "BLOB_UNKNOWN", "blob unknown to registry", digest);
  }
  const std::string& bytes = repository->blobs.at(digest);
  const std::string etag = base::StrCat("\"", digest, "\"");
  http::Headers headers = {{"Docker-Content-Digest", digest},
                           {"Etag", etag},
                           {"Accept-Ranges", "bytes"},
                           {"Cache-Control", "max-age=31536000"}};
  if (call.request.Header("If-None-Match") == etag) {
    return {304, headers, "", ""};
  }
  const std::string range = call.request.Header("Range");
  if (range.empty()) return {200, headers, bytes, "application/octet-stream"};
  const auto ends = base::SplitOnce(
      range.starts_with("bytes=") ? std::string_view(range).substr(6) : "",
      '-');
  const auto first = ends ? base::ParseUint64(ends->first) : std::nullopt;
  const auto second = ends ? base::ParseUint64(ends->second) : std::nullopt;
  uint64_t from = 0, to = bytes.size() - 1;
  if (first) {
    from = *first;
    if (second) to = std::min<uint64_t>(to, *second);
  } else if (second) {
    from = bytes.size() - std::min<uint64_t>(*second, bytes.size());
  }
  if ((!first && !second) || from >= bytes.size()) {
    http::Headers refused = {{"Docker-Content-Digest", digest}};
    if (first || second) {
      refused.emplace_back("Content-Range",
                           base::StrCat("bytes */", bytes.size()));
    }
    return {416, refused,
            first || second ? "invalid range: failed to overlap\n"
                            : "invalid range\n",
            "text/plain; charset=utf-8"};
  }
  headers.emplace_back("Content-Range", base::StrCat("bytes ", from, "-", to,
                                                     "/", bytes.size()));
  return {206, headers, bytes.substr(from, to - from + 1),
          "application/octet-stream"};
}

}  // namespace landwaiter::test::gitlab
