#include "agent/registry/jfrog/aql.h"

#include <nlohmann/json.hpp>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::jfrog {
namespace {

constexpr size_t kMaxQuery = 5500;  // of 6,000; room for what surrounds

std::string Query(std::string_view key, const nlohmann::json& paths) {
  const nlohmann::json criteria = {
      {"repo", key}, {"name", {{"$match", "*manifest.json"}}}, {"$or", paths}};
  return base::StrCat("items.find(", criteria.dump(),
                      ").include(\"repo\",\"path\",\"name\",\"sha256\","
                      "\"modified\")");
}

// Adds what one answer tells. A tag with manifests of two kinds is left out.
void Read(const nlohmann::json& answer, std::string_view image,
          std::map<std::string, TagFacts>& facts) {
  if (!answer.is_object() || !answer.contains("results") ||
      !answer["results"].is_array()) {
    return;
  }
  for (const nlohmann::json& item : answer["results"]) {
    const std::string path = TextAt(item, "path");
    const std::string name = TextAt(item, "name");
    if ((name != "manifest.json" && name != "list.manifest.json") ||
        path.size() <= image.size() + 1 || !path.starts_with(image)) {
      continue;
    }
    // The checksum has no "sha256:", and is missing where it was never asked
    // for.
    auto digest =
        model::Digest::Parse(base::StrCat("sha256:", TextAt(item, "sha256")));
    if (!digest.ok()) continue;
    TagFacts fact{.digest = *std::move(digest)};
    absl::Time modified;
    std::string error;
    if (absl::ParseTime(absl::RFC3339_full, TextAt(item, "modified"), &modified,
                        &error)) {
      fact.pushed = modified;
    }
    const auto [at, is_new] =
        facts.emplace(path.substr(image.size() + 1), fact);
    if (!is_new) at->second.digest = model::Digest();
  }
}

// Asks for a few tags. False: AQL is of no use here.
absl::StatusOr<bool> Ask(ApiClient& api, std::string_view key,
                         std::string_view image, const nlohmann::json& paths,
                         std::map<std::string, TagFacts>& facts) {
  http::Request request{.method = "POST",
                        .target = "/artifactory/api/search/aql"};
  request.body = Query(key, paths);
  request.content_type = "text/plain";
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              api.Send(std::move(request)));
  if (response.status == 401) {
    return StatusFailure(response.status, "search of manifests");
  }
  if (response.status != 200) return false;
  const auto answer = nlohmann::json::parse(response.body, nullptr, false);
  Read(answer, image, facts);
  return true;
}

}  // namespace

absl::StatusOr<std::map<std::string, TagFacts>> FindTags(
    ApiClient& api, std::string_view key, std::string_view image,
    const std::vector<std::string>& tags) {
  std::map<std::string, TagFacts> facts;
  nlohmann::json paths = nlohmann::json::array();
  size_t length = 0;
  for (size_t i = 0; i < tags.size(); ++i) {
    const std::string path = base::StrCat(image, "/", tags[i]);
    paths.push_back({{"path", path}});
    length += path.size() + std::string_view(R"({"path":""},)").size();
    const bool full = length + 512 > kMaxQuery;
    if (!full && i + 1 < tags.size()) continue;
    LANDWAITER_ASSIGN_OR_RETURN(const bool useful,
                                Ask(api, key, image, paths, facts));
    if (!useful) break;
    paths = nlohmann::json::array();
    length = 0;
  }
  std::erase_if(facts, [](const auto& f) { return f.second.digest.empty(); });
  return facts;
}

}  // namespace landwaiter::agent::registry::jfrog
