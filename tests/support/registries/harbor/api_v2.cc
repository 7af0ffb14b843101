// Harbor 2.x: /api/v2.0.
#include <algorithm>

#include "core/base/strings.h"
#include "core/http/url.h"
#include "tests/support/registries/harbor/answers.h"
#include "tests/support/registries/harbor/simulator.h"

namespace landwaiter::test::harbor {
namespace {

using base::StrCat;
using Json = nlohmann::json;

constexpr int64_t kLargestPage = 100;
constexpr char kNoTime[] = "0001-01-01T00:00:00.000Z";

// What Harbor makes of a config's media type.
std::string TypeOf(const StoredManifest& manifest) {
  const std::string& config = manifest.config_media_type;
  if (manifest.media_type == kOciIndex || config == kOciConfig) return "IMAGE";
  if (base::Contains(config, "helm")) return "CHART";
  return "UNKNOWN";
}

// Cosign's signatures and whatever has a subject go with their subject.
bool IsAccessory(const StoredRepository& repository,
                 const model::Digest& digest, const StoredManifest& manifest) {
  if (base::Contains(manifest.bytes, "\"subject\"")) return true;
  return std::any_of(
      repository.tags.begin(), repository.tags.end(), [&](const auto& tag) {
        return tag.second.digest == digest && tag.first.ends_with(".sig");
      });
}

bool IsChild(const StoredRepository& repository, const model::Digest& digest) {
  for (const auto& [parent, manifest] : repository.manifests) {
    for (const model::Descriptor& child : manifest.children) {
      if (child.digest == digest) return true;
    }
  }
  return false;
}

Json TagsOf(const StoredRepository& repository, const model::Digest& digest) {
  Json tags;
  for (const auto& [name, tag] : repository.tags) {
    if (tag.digest != digest) continue;
    tags.push_back({{"name", name},
                    {"push_time", TimeText(tag.pushed)},
                    {"pull_time", kNoTime},
                    {"immutable", false}});
  }
  return tags;  // null if there are none
}

Json ReferencesOf(const StoredManifest& manifest) {
  Json references;
  for (const model::Descriptor& child : manifest.children) {
    references.push_back({{"child_digest", child.digest.text()},
                          {"platform",
                           {{"architecture", child.platform.architecture},
                            {"os", child.platform.os}}},
                          {"urls", nullptr}});
  }
  return references;
}

}  // namespace

Json Simulator::Artifacts(const std::string& name) const {
  const StoredRepository& repository = content.repositories.at(name);
  std::vector<std::pair<absl::Time, Json>> artifacts;
  for (const auto& [digest, manifest] : repository.manifests) {
    const Json tags = TagsOf(repository, digest);
    if (IsAccessory(repository, digest, manifest) ||
        (tags.is_null() && IsChild(repository, digest))) {
      continue;
    }
    Json artifact = {{"digest", digest.text()},
                     {"type", TypeOf(manifest)},
                     {"media_type", manifest.config_media_type.empty()
                                        ? manifest.media_type
                                        : manifest.config_media_type},
                     {"manifest_media_type", manifest.media_type},
                     {"repository_name", name},
                     {"project_id", 1},
                     {"size", manifest.size + manifest.bytes.size()},
                     {"push_time", TimeText(manifest.pushed)},
                     {"pull_time", kNoTime},
                     {"tags", tags},
                     {"references", ReferencesOf(manifest)},
                     {"labels", nullptr},
                     {"accessories", nullptr}};
    if (manifest.config_media_type == kOciConfig) {
      const Json json = Json::parse(manifest.bytes);
      const auto config = content.blobs.find(
          *model::Digest::Parse(json["config"]["digest"].get<std::string>()));
      const Json read = Json::parse(config->second);
      artifact["extra_attrs"] = {
          {"os", read.value("os", "")},
          {"architecture", read.value("architecture", "")}};
    }
    artifacts.emplace_back(manifest.pushed, std::move(artifact));
  }
  std::ranges::sort(artifacts, {}, &std::pair<absl::Time, Json>::first);
  Json list = Json::array();
  for (auto& [pushed, artifact] : artifacts) {
    artifact["id"] = list.size() + 1;
    list.push_back(std::move(artifact));
  }
  return list;
}

Answer Simulator::ServeV2(const SeenRequest& request, const Caller& caller,
                          const std::string& path) {
  if (path == "/ping") {
    return {.status = 200,
            .headers = {},
            .body = "Pong",
            .content_type = "text/plain"};
  }
  if (path == "/health") return Health();
  if (path == "/systeminfo") return SystemInfo(request, caller);
  if (path == "/users/current") return UsersCurrent(caller);
  if (database_down) {
    return ErrorV2(500, "UNKNOWN", "internal server error");
  }
  if (path == "/projects") {
    return PageOf(request, Projects(caller), kLargestPage, true);
  }
  if (path == "/repositories") {
    // Not among what an OIDC user's secret opens.
    if (oidc && caller.account != nullptr && !caller.account->admin) {
      return ErrorV2(401, "UNAUTHORIZED", "unauthorized");
    }
    return PageOf(request, Repositories(caller, ""), kLargestPage, true);
  }
  std::vector<std::string> parts;
  const std::string_view rest = std::string_view(path).substr(1);
  for (const std::string_view part : base::Split(rest, '/')) {
    // nginx undoes one escaping and routes by the result.
    const std::string once = http::Unescape(part);
    if (behind_nginx && base::Contains(once, "/")) {
      return ErrorV2(404, "NOT_FOUND", StrCat("path ", path, " was not found"));
    }
    parts.push_back(behind_nginx ? once : std::string(part));
  }
  if (parts.size() >= 3 && parts[0] == "projects") {
    return ServeProjectV2(request, caller, parts);
  }
  return ErrorV2(404, "NOT_FOUND", StrCat("path ", path, " was not found"));
}

// projects/P/repositories[/R[/artifacts]]
Answer Simulator::ServeProjectV2(const SeenRequest& request,
                                 const Caller& caller,
                                 const std::vector<std::string>& parts) {
  const std::string project = http::Unescape(parts[1]);
  const bool exists = HasProject(project);
  const bool admin = caller.account != nullptr && caller.account->admin;
  if (!MaySee(caller, project) || (!exists && !admin)) {
    return caller.account == nullptr
               ? ErrorV2(401, "UNAUTHORIZED", "unauthorized")
               : ErrorV2(403, "FORBIDDEN", "forbidden");
  }
  if (parts.size() == 3 && parts[2] == "repositories") {
    if (!exists) {
      return ErrorV2(404, "NOT_FOUND",
                     StrCat("project ", project, " not found"));
    }
    return PageOf(request, Repositories(caller, project), kLargestPage, true);
  }
  if (parts.size() < 4 || parts[2] != "repositories") {
    return ErrorV2(404, "NOT_FOUND", "path was not found");
  }
  // Core undoes two escapings of a name; nginx has undone one before.
  std::string repository = http::Unescape(parts[3]);
  if (!behind_nginx) repository = http::Unescape(repository);
  const std::string name = StrCat(project, "/", repository);
  const bool known = content.repositories.contains(name);
  if (parts.size() == 4) {
    if (!known) {
      return ErrorV2(404, "NOT_FOUND",
                     StrCat("repository ", name, " not found"));
    }
    return JsonAnswer(200, {{"name", name},
                            {"project_id", 1},
                            {"update_time", TimeText(absl::UnixEpoch())},
                            {"artifact_count", Artifacts(name).size()}});
  }
  if (parts.size() == 5 && parts[4] == "artifacts") {
    // What is not there is an empty list.
    if (!known) return PageOf(request, Json::array(), kLargestPage, true);
    return ServeArtifacts(request, name);
  }
  return ErrorV2(404, "NOT_FOUND", "path was not found");
}

Answer Simulator::ServeArtifacts(const SeenRequest& request,
                                 const std::string& repository) {
  const int64_t size =
      base::ParseInt64(ParameterOf(request, "page_size")).value_or(10);
  if (size > slow_above) {
    return {.status = 504,
            .headers = {},
            .body = "<html>504 Gateway Time-out</html>",
            .content_type = "text/html"};
  }
  return PageOf(request, Artifacts(repository), kLargestPage, true);
}

}  // namespace landwaiter::test::harbor
