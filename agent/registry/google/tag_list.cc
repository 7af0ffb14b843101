#include "agent/registry/google/tag_list.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "agent/registry/transport/api_client.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::google {
namespace {

using nlohmann::json;

// The member as an array or object of that type; empty if absent or null.
const json& MemberOf(const json& object, const char* key, const json& empty) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? empty : *found;
}

// A number that gcr.io writes as a text, and pkg.dev in part as a number.
uint64_t CountAt(const json& object, const char* key) {
  const auto text = base::ParseUint64(TextAt(object, key));
  return text ? *text
              : static_cast<uint64_t>(
                    std::max<int64_t>(0, NumberAt(object, key)));
}

model::ManifestEntry EntryOf(const model::Digest& digest, const json& row) {
  model::ManifestEntry entry{.digest = digest,
                             .size = CountAt(row, "imageSizeBytes")};
  const uint64_t uploaded = CountAt(row, "timeUploadedMs");
  if (uploaded > 0 && uploaded < uint64_t{1} << 50) {
    entry.pushed = absl::FromUnixMillis(static_cast<int64_t>(uploaded));
  }
  return entry;
}

}  // namespace

absl::StatusOr<ArtifactPage> ReadTagList(const json& answer) {
  const json none_listed = json::array();
  const json none_told = json::object();
  if (!answer.is_object()) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "Google's answer is no list of tags", "Protocol");
  }
  const json& tags = MemberOf(answer, "tags", none_listed);
  const json& manifests = MemberOf(answer, "manifest", none_told);
  if (!tags.is_array() || !manifests.is_object()) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "Google's answer is no list of tags", "Protocol");
  }
  ArtifactPage page;
  std::map<std::string, model::Digest> digests;
  for (const auto& [text, row] : manifests.items()) {
    const auto digest = model::Digest::Parse(text);
    if (!digest.ok()) continue;
    page.manifests.push_back(EntryOf(*digest, row));
    if (!row.is_object()) continue;
    for (const json& tag : MemberOf(row, "tag", none_listed)) {
      if (tag.is_string()) digests[tag.get<std::string>()] = *digest;
    }
  }
  for (const json& tag : tags) {
    if (tag.is_string()) digests.try_emplace(tag.get<std::string>());
  }
  for (auto& [tag, digest] : digests) {
    if (!model::IsValidTag(tag)) continue;
    page.tags.push_back({.name = tag, .digest = std::move(digest)});
  }
  return page;
}

}  // namespace landwaiter::agent::registry::google
