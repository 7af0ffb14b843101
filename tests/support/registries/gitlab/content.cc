#include "tests/support/registries/gitlab/content.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/strings.h"
#include "core/model/digest.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test::gitlab {
namespace {

using nlohmann::json;

std::string Written(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

// A repository as GitLab has it; `project` is the path of its project.
Repository FromStored(const RegistryContent& stored, const std::string& path,
                      const std::string& project, int64_t id) {
  Repository repository{.id = id, .project = project};
  const StoredRepository& from = stored.repositories.at(path);
  absl::Time first = absl::InfiniteFuture();
  for (const auto& [digest, manifest] : from.manifests) {
    if (manifest.media_type == kSchema1) continue;  // GitLab takes none
    repository.Push(manifest.media_type, manifest.bytes, "", "");
    first = std::min(first, manifest.pushed);
  }
  repository.created_at = Written(first);
  for (const auto& [name, tag] : from.tags) {
    if (!repository.manifests.contains(tag.digest.text())) continue;
    repository.tags[name] = {.digest = tag.digest.text(),
                             .created_at = Written(tag.pushed)};
  }
  for (const auto& [digest, bytes] : stored.blobs) {
    repository.blobs[digest.text()] = bytes;
  }
  return repository;
}

}  // namespace

bool IsBelow(std::string_view path, std::string_view group) {
  return path.starts_with(group) &&
         (path.size() == group.size() || path[group.size()] == '/');
}

std::string Repository::Push(std::string_view media_type, std::string bytes,
                             std::string_view tag, std::string_view at) {
  const std::string digest = model::Digest::Of(bytes).text();
  Manifest manifest{.media_type = std::string(media_type)};
  const json parsed = json::parse(bytes, nullptr, false);
  if (parsed.is_object() && parsed.contains("config")) {
    manifest.config_digest = parsed["config"]["digest"];
    // Measured: the manifest's own bytes count.
    manifest.size_bytes = bytes.size() + parsed["config"]["size"].get<int>();
    for (const json& layer : parsed["layers"]) {
      manifest.size_bytes += layer["size"].get<uint64_t>();
    }
  }
  manifest.bytes = std::move(bytes);
  manifests[digest] = std::move(manifest);
  if (tag.empty()) return digest;
  last_published_at = at;
  const auto [there, added] =
      tags.try_emplace(std::string(tag), Tag{.created_at = std::string(at)});
  there->second.digest = digest;
  if (!added) there->second.updated_at = at;
  return digest;
}

Content StandardContent() { return ContentOf(test::StandardContent()); }

Content ContentOf(const RegistryContent& stored) {
  Content content;
  content.groups = {
      {11, "library"}, {12, "team-a"}, {13, "team-a/sub"}, {14, "team-b"}};
  for (const auto& [path, repository] : stored.repositories) {
    // The first segments are groups, the rest but the last of a deep path too.
    const std::string project =
        path == "team-a/sub/deep/app" ? "team-a/sub/deep" : path;
    const int64_t id = 100 + static_cast<int64_t>(content.projects.size());
    content.projects.emplace(project, id);
    content.repositories[path] = FromStored(stored, path, project, 900 + id);
  }
  for (const Group& group : content.groups) {
    content.tokens[group.full_path + "-token"] = {
        .username = base::StrCat("group_", group.id, "_bot"),
        .group = group.full_path};
  }
  content.tokens["admin-token"] = {.username = "root", .admin = true};
  return content;
}

}  // namespace landwaiter::test::gitlab
