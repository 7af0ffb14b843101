#include "agent/registry/harbor/artifacts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::harbor {
namespace {

using Json = nlohmann::json;

// A push that takes longer than this shows a day late.
constexpr absl::Duration kPushTime = absl::Minutes(10);

// Whose listing tells as much as the manifest would.
bool IsPlainImage(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.manifest.v1+json" ||
         media_type == "application/vnd.docker.distribution.manifest.v2+json";
}

// "sha256-<64 hex digits>" with or without .sig, .att or .sbom: what is
// attached to the image of that digest.
bool IsAttachmentTag(std::string_view tag) {
  constexpr std::string_view kPrefix = "sha256-";
  constexpr size_t kLength = kPrefix.size() + 64;
  if (!tag.starts_with(kPrefix) || tag.size() < kLength) return false;
  const std::string_view hex = tag.substr(kPrefix.size(), 64);
  const std::string_view ending = tag.substr(kLength);
  return hex.find_first_not_of("0123456789abcdef") == hex.npos &&
         (ending.empty() || ending == ".sig" || ending == ".att" ||
          ending == ".sbom");
}

const Json& MemberOf(const Json& object, const char* key) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

}  // namespace

void AddArtifact(const Json& artifact, ArtifactPage& page) {
  const auto digest = model::Digest::Parse(TextAt(artifact, "digest"));
  if (!digest.ok()) return;
  const Json& tags = MemberOf(artifact, "tags");
  bool attached = tags.is_array() && !tags.empty();
  if (tags.is_array()) {
    for (const Json& tag : tags) {
      std::string name = TextAt(tag, "name");
      attached = attached && IsAttachmentTag(name);
      if (model::IsValidTag(name)) page.tags.push_back({name, *digest});
    }
  }
  model::ManifestEntry entry{.digest = *digest};
  entry.size =
      static_cast<uint64_t>(std::max<int64_t>(NumberAt(artifact, "size"), 0));
  entry.pushed = hosted::TimeIn(TextAt(artifact, "push_time"));
  const std::string type = TextAt(artifact, "type");
  const std::string media_type = TextAt(artifact, "manifest_media_type");
  const Json& attributes = MemberOf(artifact, "extra_attrs");
  const std::string os = TextAt(attributes, "os");
  if (!type.empty() && type != "IMAGE") {
    entry.media_type = media_type;
    entry.unsupported = base::StrCat("not an image: Harbor says it is a ",
                                     base::Printable(base::ToLower(type), 64));
  } else if (attached && os.empty()) {
    // Harbor takes all but signatures for images.
    entry.media_type = media_type;
    entry.unsupported = "an attachment of another image, by its tag";
  } else if (IsPlainImage(media_type) && !os.empty()) {
    entry.media_type = media_type;
    entry.platform.os = os;
    entry.platform.architecture = TextAt(attributes, "architecture");
  }
  page.manifests.push_back(std::move(entry));
}

void AddV1Tag(const Json& tag, std::set<model::Digest>& known,
              ArtifactPage& page) {
  const std::string name = TextAt(tag, "name");
  if (!model::IsValidTag(name)) return;
  const auto digest = model::Digest::Parse(TextAt(tag, "digest"));
  if (!digest.ok()) {
    page.tags.push_back({.name = name});
    return;
  }
  page.tags.push_back({name, *digest});
  if (!known.insert(*digest).second) return;
  // V1 does not tell the media type.
  model::ManifestEntry entry{.digest = *digest};
  entry.size =
      static_cast<uint64_t>(std::max<int64_t>(NumberAt(tag, "size"), 0));
  entry.pushed = hosted::TimeIn(TextAt(tag, "push_time"));
  page.manifests.push_back(std::move(entry));
}

RepositoryEntry RepositoryOf(Version version, const Json& repository,
                             absl::Time now) {
  RepositoryEntry entry{.name = TextAt(repository, "name")};
  if (!model::IsValidRepository(entry.name) ||
      SplitRepository(entry.name).project.empty()) {
    return {};
  }
  const auto updated = hosted::TimeIn(TextAt(repository, "update_time"));
  if (version == Version::kV2 && updated && *updated + kPushTime < now) {
    entry.state = base::StrCat(TextAt(repository, "update_time"), "/",
                               NumberAt(repository, "artifact_count"));
  }
  return entry;
}

RepositoryPath SplitRepository(std::string_view name) {
  const auto parts = base::SplitOnce(name, '/');
  if (!parts || parts->first.empty() || parts->second.empty()) return {};
  return {std::string(parts->first), std::string(parts->second)};
}

std::string EscapedRepository(std::string_view repository, int times) {
  std::string escaped(repository);
  for (int i = 0; i < times; ++i) escaped = http::EscapeComponent(escaped);
  return escaped;
}

}  // namespace landwaiter::agent::registry::harbor
