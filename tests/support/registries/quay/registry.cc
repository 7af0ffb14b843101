// /v2/ but its logins.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/strings.h"
#include "core/http/url.h"
#include "tests/support/registries/quay/answers.h"
#include "tests/support/registries/quay/simulator.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;
using quay::Challenge;
using quay::JsonAnswer;
using quay::RegistryError;

constexpr size_t kMaxPage = 100;

Answer Unknown() {
  return RegistryError(404, "MANIFEST_UNKNOWN", "manifest unknown");
}

Answer ManifestAnswer(const StoredManifest& manifest,
                      const model::Digest& digest) {
  return {.status = 200,
          .headers = {{"Docker-Content-Digest", digest.text()}},
          .body = manifest.bytes,
          .content_type = manifest.media_type};
}

// A schema 1 manifest that is made up for the occasion.
Answer Schema1(const StoredManifest& manifest, const std::string& repository,
               const std::string& tag) {
  const Json original = Json::parse(manifest.bytes, nullptr, false);
  Json layers = Json::array();
  if (original.contains("layers")) {
    for (const Json& layer : original["layers"]) {
      layers.insert(layers.begin(), Json{{"blobSum", layer["digest"]}});
    }
  }
  const Json body = {{"schemaVersion", 1}, {"name", repository},
                     {"tag", tag},         {"architecture", "amd64"},
                     {"fsLayers", layers}, {"history", Json::array()}};
  const std::string bytes = body.dump(3);
  return {
      .status = 200,
      .headers = {{"Docker-Content-Digest", model::Digest::Of(bytes).text()}},
      .body = bytes,
      .content_type = "application/vnd.docker.distribution.manifest.v1+json"};
}

}  // namespace

namespace quay {

bool IsIndex(const StoredManifest& manifest) {
  return base::Contains(manifest.media_type, "index") ||
         base::Contains(manifest.media_type, "list");
}

Answer Converted(const RegistryContent& content, const std::string& repository,
                 const std::string& tag, const std::string& accept) {
  const StoredRepository& at = content.repositories.at(repository);
  model::Digest digest = at.tags.at(tag).digest;
  const auto find = [&]() { return at.manifests.find(digest); };
  auto manifest = find();
  if (manifest == at.manifests.end()) return Unknown();
  const auto accepted = [&] {
    return base::Contains(accept, manifest->second.media_type);
  };
  if (accepted()) return ManifestAnswer(manifest->second, digest);
  if (IsIndex(manifest->second)) {
    const auto index = Json::parse(manifest->second.bytes);
    for (const Json& child : index["manifests"]) {
      if (child.contains("platform") &&
          child["platform"].value("architecture", "") != "amd64") {
        continue;
      }
      digest = *model::Digest::Parse(child["digest"].get<std::string>());
      break;
    }
    manifest = find();
    if (manifest == at.manifests.end()) return Unknown();
    if (accepted()) return ManifestAnswer(manifest->second, digest);
  }
  return Schema1(manifest->second, repository, tag);
}

}  // namespace quay

Answer QuaySimulator::Registry(const SeenRequest& request) {
  const std::string host = quay::HostOf(request);
  const std::string rest = quay::PathOf(request).substr(4);
  std::string repository;
  std::string what;
  for (const char* word : {"/manifests/", "/blobs/", "/tags/list"}) {
    if (const size_t at = rest.rfind(word); at != rest.npos) {
      repository = rest.substr(0, at);
      what = rest.substr(at + 1);
    }
  }
  if (!repository.empty() && !base::Contains(repository, "/")) {
    repository.insert(0, "library/");
  }
  std::optional<Grant> grant;
  if (auto bad = BadBearer(request, grant)) {
    return Challenge(*bad, host, repository);
  }
  if (rest.empty()) {
    Answer answer = quay::Page(grant ? 200 : 401, "true");
    return Challenge(answer, host);
  }
  if (rest == "_catalog") return Catalog(request, grant);
  if (repository.empty()) return quay::Page(404, "<!doctype html>\n404");
  const Repository* at = Find(repository);
  const bool open = at != nullptr && at->is_public && anonymous_access;
  if (!open && !(grant && grant->pull.contains(repository))) {
    return Challenge(
        RegistryError(401, "UNAUTHORIZED",
                      "access to the requested resource is not authorized"),
        host, repository);
  }
  if (at == nullptr) {
    return RegistryError(404, "NAME_UNKNOWN", "repository not found");
  }
  Answer answer = what == "tags/list" ? TagNames(request, repository)
                  : what.starts_with("manifests/")
                      ? Manifest(request, repository, what.substr(10))
                      : Blob(repository, what.substr(6));
  if (request.method == "HEAD") answer.body.clear();
  return answer;
}

Answer QuaySimulator::Catalog(const SeenRequest& request,
                              const std::optional<Grant>& grant) const {
  if (!grant && !anonymous_access) {
    return quay::PlainError(401, "Anonymous access is not allowed");
  }
  if (grant && grant->who.anonymous()) {
    return quay::Page(500, "<html>\nInternal Server Error</html>");
  }
  const Identity who = grant ? grant->who : Identity();
  Json names = Json::array();
  for (const Repository& repository : repositories) {
    if (HasRight(who, repository) || (public_catalog && repository.is_public)) {
      names.push_back(repository.name);
    }
  }
  size_t n = kMaxPage;
  if (const std::string asked = quay::Parameter(request, "n"); !asked.empty()) {
    n = static_cast<size_t>(
        std::clamp<int64_t>(base::ParseInt64(asked).value_or(1), 1, kMaxPage));
  }
  const std::string bound_to = base::StrCat("catalog of ", who.name);
  auto at = quay::ReadNextPage(quay::Parameter(request, "next_page"), bound_to);
  if (at.strange) return JsonAnswer({{"repositories", Json::array()}});
  if (forgets_pages) at.offset = 0;
  Json page = Json::array();
  for (size_t i = at.offset; i < names.size() && page.size() < n; ++i) {
    page.push_back(names[i]);
  }
  Answer answer = JsonAnswer({{"repositories", page}});
  if (at.offset + n < names.size()) {
    answer.headers.emplace_back(
        "Link", base::StrCat("</v2/_catalog?n=", n, "&next_page=",
                             http::EscapeComponent(
                                 quay::NextPage(bound_to, at.offset + n)),
                             ">; rel=\"next\""));
  }
  return answer;
}

Answer QuaySimulator::TagNames(const SeenRequest& request,
                               const std::string& repository) const {
  const int64_t n = std::min<int64_t>(
      base::ParseInt64(quay::Parameter(request, "n")).value_or(kMaxPage),
      kMaxPage);
  const std::string last = quay::Parameter(request, "last");
  Json names = Json::array();
  bool more = false;
  for (const auto& [tag, stored] : content.repositories.at(repository).tags) {
    if (tag <= last) continue;
    more = static_cast<int64_t>(names.size()) >= n;
    if (more) break;
    names.push_back(tag);
  }
  Answer answer = JsonAnswer({{"name", repository}, {"tags", names}});
  if (more && !names.empty()) {
    answer.headers.emplace_back(
        "Link", base::StrCat("</v2/", repository, "/tags/list?n=", n,
                             "&last=", names.back().get<std::string>(),
                             ">; rel=\"next\""));
  }
  return answer;
}

Answer QuaySimulator::Manifest(const SeenRequest& request,
                               const std::string& repository,
                               const std::string& reference) const {
  const StoredRepository& stored = content.repositories.at(repository);
  if (stored.tags.contains(reference)) {
    return quay::Converted(content, repository, reference,
                           request.Header("Accept"));
  }
  for (const DeadTag& dead : Find(repository)->history) {
    if (dead.name == reference) {
      return RegistryError(404, "TAG_EXPIRED",
                           base::StrCat("Tag ", reference,
                                        " was deleted or has expired. To pull, "
                                        "revive via time machine"));
    }
    if (dead.digest.text() == reference &&
        std::ranges::none_of(stored.tags, [&](const auto& tag) {
          return tag.second.digest == dead.digest;
        })) {
      return Unknown();
    }
  }
  const auto digest = model::Digest::Parse(reference);
  const auto manifest =
      digest.ok() ? stored.manifests.find(*digest) : stored.manifests.end();
  if (manifest == stored.manifests.end()) return Unknown();
  return ManifestAnswer(manifest->second, *digest);
}

// Range is not heeded, as on local storage.
Answer QuaySimulator::Blob(const std::string& repository,
                           const std::string& digest) {
  const auto wanted = model::Digest::Parse(digest);
  const auto& manifests = content.repositories.at(repository).manifests;
  const bool here = std::ranges::any_of(manifests, [&](const auto& manifest) {
    return base::Contains(manifest.second.bytes, digest);
  });
  const auto blob =
      wanted.ok() && here ? content.blobs.find(*wanted) : content.blobs.end();
  if (blob == content.blobs.end()) {
    return RegistryError(404, "BLOB_UNKNOWN", "blob unknown to registry");
  }
  if (!blobs_at.empty()) {
    Answer answer = quay::Page(302, "");
    answer.headers.emplace_back("Location",
                                base::StrCat(blobs_at, "/", digest));
    return answer;
  }
  return {.status = 200,
          .headers = {{"Docker-Content-Digest", digest}},
          .body = blob->second,
          .content_type = "application/octet-stream",
          .cut_after = std::exchange(cut_next_blob, -1)};
}

}  // namespace landwaiter::test
