#include "agent/registry/testing.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {
namespace {

constexpr int kMaxPages = 100;

// What ended the listing: "" when it was complete.
std::string ForEachRepository(
    MakeRegistry make, std::string cursor,
    absl::FunctionRef<void(const RepositoryEntry&)> visit) {
  for (int pages = 0; pages < kMaxPages; ++pages) {
    const auto page = make()->ListRepositories(cursor);
    if (!page.ok()) return CodeOf(page.status());
    for (const auto& entry : page->repositories) visit(entry);
    if (page->complete) return "";
    cursor = page->next_cursor;
  }
  return "never complete";
}

std::string PullBlob(Registry& registry, std::string_view repository,
                     const nlohmann::json& descriptor) {
  const auto digest =
      model::Digest::Parse(descriptor.value("digest", std::string()));
  if (!digest.ok()) return CodeOf(digest.status());
  std::string bytes;
  const absl::Status status = registry.FetchBlob(
      repository,
      {.digest = *digest, .size = descriptor.value("size", uint64_t{0})},
      [&](std::string_view data) {
        bytes.append(data);
        return absl::OkStatus();
      });
  if (!status.ok()) return CodeOf(status);
  return model::Digest::Of(bytes) == *digest ? "ok" : "another blob came";
}

}  // namespace

std::string CodeOf(const absl::Status& status) {
  if (status.ok()) return "ok";
  if (!base::HasFailureCode(status)) {
    return absl::StatusCodeToString(status.code());
  }
  const std::string cause = base::FailureCauseOf(status);
  return base::StrCat(base::ToString(base::FailureCodeOf(status)),
                      cause.empty() ? "" : "/", cause);
}

std::vector<std::string> RepositoryNames(MakeRegistry make,
                                         std::string cursor) {
  std::vector<std::string> names;
  const std::string error = ForEachRepository(
      make, std::move(cursor),
      [&](const RepositoryEntry& entry) { names.push_back(entry.name); });
  if (!error.empty()) names.push_back(error);
  return names;
}

std::map<std::string, std::string> RepositoryStates(MakeRegistry make) {
  std::map<std::string, std::string> states;
  const std::string error = ForEachRepository(
      make, "",
      [&](const RepositoryEntry& entry) { states[entry.name] = entry.state; });
  if (!error.empty()) states[error] = "";
  return states;
}

ListedArtifacts AllArtifacts(MakeRegistry make, std::string_view repository) {
  ListedArtifacts listed;
  std::string cursor;
  while (++listed.pages < kMaxPages) {
    const auto page = make()->ListArtifacts(repository, cursor);
    if (!page.ok()) {
      listed.error = CodeOf(page.status());
      return listed;
    }
    for (const auto& tag : page->tags) listed.tags[tag.name] = tag.digest;
    for (const auto& m : page->manifests) listed.manifests[m.digest] = m;
    if (page->complete) return listed;
    cursor = page->next_cursor;
  }
  listed.error = "never complete";
  return listed;
}

std::string PullAll(Registry& registry, std::string_view repository,
                    const model::Digest& manifest) {
  const auto raw = registry.GetManifest(repository, manifest.text(), 1 << 20);
  if (!raw.ok()) return CodeOf(raw.status());
  if (model::Digest::Of(raw->bytes) != manifest) return "another manifest came";
  const auto json = nlohmann::json::parse(raw->bytes, nullptr, false);
  if (!json.is_object() || !json.contains("config") ||
      !json.contains("layers") || json["layers"].empty()) {
    return "no image came";
  }
  std::vector<nlohmann::json> blobs(json["layers"].begin(),
                                    json["layers"].end());
  blobs.push_back(json["config"]);
  for (const nlohmann::json& blob : blobs) {
    if (const std::string got = PullBlob(registry, repository, blob);
        got != "ok") {
      return got;
    }
  }
  return "ok";
}

}  // namespace landwaiter::agent::registry
