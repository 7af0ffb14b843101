#include "tests/support/registries/distribution.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "core/http/url.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;

constexpr int64_t kMaxEntries = 1000;
constexpr int64_t kDefaultEntries = 100;

std::string PathOf(const SeenRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

std::string Parameter(const SeenRequest& request, std::string_view name) {
  return agent::registry::QueryValue(request.target, name).value_or("");
}

// One page of sorted names behind `last`, with the Link to the next.
Answer NamePage(const SeenRequest& request, const std::string& key,
                const std::vector<std::string>& names, Json body) {
  const int64_t asked =
      base::ParseInt64(Parameter(request, "n")).value_or(kDefaultEntries);
  const std::string last = Parameter(request, "last");
  Json page = Json::array();
  bool more = false;
  for (const std::string& name : names) {
    if (name <= last) continue;
    more = static_cast<int64_t>(page.size()) >= asked;
    if (more) break;
    page.push_back(name);
  }
  Answer answer;
  if (more && !page.empty()) {
    answer.headers.emplace_back(
        "Link",
        base::StrCat("<", PathOf(request), "?last=",
                     http::EscapeComponent(page.back().get<std::string>()),
                     "&n=", asked, ">; rel=\"next\""));
  }
  body[key] = std::move(page);
  answer.body = body.dump();
  return answer;
}

// Splits "a/b/manifests/x" at the last "/manifests/".
std::optional<std::pair<std::string, std::string>> SplitAt(
    const std::string& path, const std::string& word) {
  const size_t at = path.rfind(word);
  if (at == path.npos || at == 0) return std::nullopt;
  return std::pair(path.substr(0, at), path.substr(at + word.size()));
}

}  // namespace

Answer DistributionError(int status, const std::string& code,
                         const std::string& message) {
  const Json body = {{"errors", {{{"code", code}, {"message", message}}}}};
  return {.status = status, .headers = {}, .body = body.dump()};
}

Answer Distribution::Serve(const SeenRequest& request) const {
  const std::string rest = PathOf(request).substr(4);
  const auto guarded = [&](const std::string& scope,
                           const std::function<Answer()>& serve) {
    if (authorize_ != nullptr) {
      if (auto refusal = authorize_(request, scope)) return *refusal;
    }
    return serve();
  };
  const auto pull = [](const std::string& repository) {
    return base::StrCat("repository:", repository, ":pull");
  };
  if (rest.empty()) {
    return guarded(
        "", [] { return Answer{.status = 200, .headers = {}, .body = "{}"}; });
  }
  if (rest == "_catalog") {
    return guarded("registry:catalog:*", [&] { return Catalog(request); });
  }
  if (rest.ends_with("/tags/list")) {
    const std::string repository = rest.substr(0, rest.size() - 10);
    return guarded(pull(repository), [&] { return Tags(request, repository); });
  }
  if (const auto at = SplitAt(rest, "/manifests/")) {
    return guarded(pull(at->first),
                   [&] { return Manifest(request, at->first, at->second); });
  }
  if (const auto at = SplitAt(rest, "/blobs/")) {
    return guarded(pull(at->first),
                   [&] { return Blob(request, at->first, at->second); });
  }
  return {.status = 404,
          .headers = {},
          .body = "404 page not found\n",
          .content_type = "text/plain"};
}

Answer Distribution::Catalog(const SeenRequest& request) const {
  const std::string n = Parameter(request, "n");
  if (!n.empty() && base::ParseInt64(n).value_or(-1) > kMaxEntries) {
    return DistributionError(400, "PAGINATION_NUMBER_INVALID",
                             "invalid number of results requested");
  }
  std::vector<std::string> names;
  for (const auto& [name, repository] : content_.repositories) {
    names.push_back(name);
  }
  return NamePage(request, "repositories", names, Json::object());
}

Answer Distribution::Tags(const SeenRequest& request,
                          const std::string& repository) const {
  const auto found = content_.repositories.find(repository);
  if (found == content_.repositories.end()) {
    return DistributionError(404, "NAME_UNKNOWN",
                             "repository name not known to registry");
  }
  std::vector<std::string> names;
  for (const auto& [tag, stored] : found->second.tags) names.push_back(tag);
  if (names.empty()) {
    return {.status = 200,
            .headers = {},
            .body = Json{{"name", repository}, {"tags", nullptr}}.dump()};
  }
  return NamePage(request, "tags", names, {{"name", repository}});
}

Answer Distribution::Manifest(const SeenRequest& request,
                              const std::string& repository,
                              const std::string& reference) const {
  const Answer unknown =
      DistributionError(404, "MANIFEST_UNKNOWN", "manifest unknown");
  const auto found = content_.repositories.find(repository);
  if (found == content_.repositories.end()) return unknown;
  const auto tag = found->second.tags.find(reference);
  const auto digest = tag == found->second.tags.end()
                          ? model::Digest::Parse(reference)
                          : absl::StatusOr<model::Digest>(tag->second.digest);
  if (!digest.ok()) return unknown;
  const auto manifest = found->second.manifests.find(*digest);
  if (manifest == found->second.manifests.end()) return unknown;
  return {.status = 200,
          .headers = {{"Docker-Content-Digest", digest->text()}},
          .body = request.method == "HEAD" ? "" : manifest->second.bytes,
          .content_type = manifest->second.media_type};
}

Answer Distribution::Blob(const SeenRequest& request,
                          const std::string& repository,
                          const std::string& digest) const {
  const auto wanted = model::Digest::Parse(digest);
  const auto blob = wanted.ok() && content_.repositories.contains(repository)
                        ? content_.blobs.find(*wanted)
                        : content_.blobs.end();
  if (blob == content_.blobs.end()) {
    return DistributionError(404, "BLOB_UNKNOWN", "blob unknown to registry");
  }
  Answer answer{.status = 200,
                .headers = {{"Docker-Content-Digest", digest}},
                .body = blob->second,
                .content_type = "application/octet-stream"};
  std::string range = request.Header("Range");
  if (range.starts_with("bytes=") && range.ends_with("-")) {
    range = range.substr(6, range.size() - 7);
    const size_t from =
        static_cast<size_t>(base::ParseInt64(range).value_or(0));
    if (from < blob->second.size()) {
      answer.status = 206;
      answer.headers.emplace_back(
          "Content-Range",
          base::StrCat("bytes ", from, "-", blob->second.size() - 1, "/",
                       blob->second.size()));
      answer.body = blob->second.substr(from);
    }
  }
  return answer;
}

}  // namespace landwaiter::test
