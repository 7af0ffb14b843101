#include "agent/registry/testing.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {
namespace {

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
