#include "agent/source/manifest.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/source/image_config.h"
#include "agent/source/json.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

using base::Failure;
using base::FailureCode;

constexpr std::string_view kOciIndex =
    "application/vnd.oci.image.index.v1+json";
constexpr std::string_view kOciManifest =
    "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kDockerList =
    "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr std::string_view kDockerManifest =
    "application/vnd.docker.distribution.manifest.v2+json";
constexpr std::string_view kOciConfig =
    "application/vnd.oci.image.config.v1+json";
constexpr std::string_view kDockerConfig =
    "application/vnd.docker.container.image.v1+json";
constexpr std::string_view kReferenceType = "vnd.docker.reference.type";

bool IsIndexType(std::string_view type) {
  return type == kOciIndex || type == kDockerList;
}
bool IsManifestType(std::string_view type) {
  return type == kOciManifest || type == kDockerManifest;
}
bool IsSchema1Type(std::string_view type) {
  return base::Contains(type, "distribution.manifest.v1+");
}

absl::Status Unsupported(std::string_view why) {
  return Failure(FailureCode::kUnsupportedMedia, why);
}

absl::Status TooMany(std::string_view what, size_t count, size_t limit,
                     std::string_view cause) {
  return Failure(FailureCode::kLimitExceeded,
                 base::StrCat(count, " ", what, ", the limit is ", limit),
                 cause);
}

bool IsForeign(std::string_view type) {
  return base::Contains(type, ".foreign.") ||
         base::Contains(type, ".nondistributable.");
}

model::Platform ReadPlatform(const nlohmann::json& json) {
  if (!json.is_object()) return {};
  return {TextAt(json, "os"), TextAt(json, "architecture"),
          TextAt(json, "variant")};
}

bool IsAttestation(const nlohmann::json& json,
                   const model::Platform& platform) {
  if (platform.os == "unknown" && platform.architecture == "unknown") {
    return true;
  }
  const auto annotations = json.find("annotations");
  return annotations != json.end() && annotations->is_object() &&
         TextAt(*annotations, kReferenceType.data()) == "attestation-manifest";
}

absl::StatusOr<model::Descriptor> ReadDescriptor(const nlohmann::json& json,
                                                 std::string_view what) {
  if (!json.is_object()) {
    return Unsupported(base::StrCat(what, " is not a descriptor"));
  }
  model::Descriptor descriptor;
  auto digest = model::Digest::Parse(TextAt(json, "digest"));
  if (!digest.ok()) {
    return Unsupported(base::StrCat(what, ": ", digest.status().message()));
  }
  descriptor.digest = *std::move(digest);
  descriptor.media_type = TextAt(json, "mediaType");
  descriptor.size = NumberAt(json, "size");
  descriptor.artifact_type = TextAt(json, "artifactType");
  descriptor.foreign = IsForeign(descriptor.media_type);
  if (const auto platform = json.find("platform"); platform != json.end()) {
    descriptor.platform = ReadPlatform(*platform);
  }
  descriptor.attestation = IsAttestation(json, descriptor.platform);
  return descriptor;
}

// What kind of artifact a config's media type names, for people.
std::string NameArtifact(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4>
      kKnown{{
          {"helm", "a Helm chart"},
          {"cosign", "a signature"},
          {"in-toto", "an attestation"},
          {"wasm", "a WebAssembly module"},
      }};
  for (const auto& [part, name] : kKnown) {
    if (base::Contains(type, part)) {
      return base::StrCat(name, " (", base::Printable(type), ")");
    }
  }
  return base::StrCat("not an image (", base::Printable(type), ")");
}

// Why a manifest with this config and these layers is no image; empty if it
// is one.
std::string WhyNoImage(const nlohmann::json& json, const Manifest& manifest) {
  const std::string& type = manifest.config.media_type;
  if (type != kOciConfig && type != kDockerConfig) return NameArtifact(type);
  // Old signatures have an image's config: their layers give them away.
  for (const model::Descriptor& layer : manifest.layers) {
    if (base::Contains(layer.media_type, "cosign") ||
        base::Contains(layer.media_type, "in-toto")) {
      return NameArtifact(layer.media_type);
    }
  }
  const std::string artifact_type = TextAt(json, "artifactType");
  if (!artifact_type.empty()) return NameArtifact(artifact_type);
  if (json.contains("subject")) return "an attachment of another manifest";
  return "";
}

absl::StatusOr<Manifest> ReadIndex(const nlohmann::json& json) {
  Manifest index;
  index.kind = ManifestKind::kIndex;
  const nlohmann::json& entries = json["manifests"];
  if (!entries.is_array()) return Unsupported("an index without a list");
  if (entries.size() > kMaxIndexEntries) {
    return TooMany("manifests in an index", entries.size(), kMaxIndexEntries,
                   "indexEntries");
  }
  for (const auto& entry : entries) {
    LANDWAITER_ASSIGN_OR_RETURN(model::Descriptor descriptor,
                                ReadDescriptor(entry, "an index's entry"));
    if (!descriptor.attestation) index.entries.push_back(std::move(descriptor));
  }
  return index;
}

absl::StatusOr<Manifest> ReadImage(const nlohmann::json& json) {
  Manifest image;
  LANDWAITER_ASSIGN_OR_RETURN(
      image.config,
      ReadDescriptor(json.value("config", nlohmann::json()), "the config"));
  const auto layers = json.find("layers");
  if (layers != json.end() && !layers->is_array()) {
    return Unsupported("the manifest's layers are no list");
  }
  const size_t count = layers == json.end() ? 0 : layers->size();
  LANDWAITER_RETURN_IF_ERROR(CheckLayerCount(count));
  for (size_t i = 0; i < count; ++i) {
    LANDWAITER_ASSIGN_OR_RETURN(model::Descriptor layer,
                                ReadDescriptor((*layers)[i], "a layer"));
    image.layers.push_back(std::move(layer));
  }
  image.unsupported = WhyNoImage(json, image);
  image.kind = image.unsupported.empty() ? ManifestKind::kImage
                                         : ManifestKind::kArtifact;
  return image;
}

// The body's own word must not contradict the registry's.
absl::Status CheckType(const nlohmann::json& json, std::string_view header,
                       bool is_index) {
  for (const std::string& type :
       {TextAt(json, "mediaType"), std::string(header)}) {
    if ((is_index && IsManifestType(type)) ||
        (!is_index && IsIndexType(type))) {
      return Unsupported(
          base::StrCat("the manifest is ambiguous: it says that it is ",
                       base::Printable(type), " and is ",
                       is_index ? "an index" : "no index"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

uint64_t Manifest::TotalSize() const {
  uint64_t total = config.size;
  for (const model::Descriptor& layer : layers) total += layer.size;
  return total;
}

absl::Status CheckLayerCount(size_t count) {
  return count > kMaxLayers ? TooMany("layers", count, kMaxLayers, "layers")
                            : absl::OkStatus();
}

absl::StatusOr<Manifest> ReadManifest(const RawManifest& raw) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json json,
      ParseObject(raw.bytes, kMaxJsonDepth, "the manifest"));
  const bool is_index = json.contains("manifests");
  if (is_index && (json.contains("layers") || json.contains("config") ||
                   json.contains("fsLayers"))) {
    return Unsupported("the manifest is ambiguous: index and image at once");
  }
  if (IsSchema1Type(raw.media_type) || json.contains("fsLayers")) {
    Manifest old;
    old.media_type = raw.media_type;
    old.unsupported = "a Docker schema 1 manifest";
    return old;
  }
  LANDWAITER_RETURN_IF_ERROR(CheckType(json, raw.media_type, is_index));
  if (!is_index && !json.contains("config")) {
    Manifest artifact;
    artifact.unsupported = NameArtifact(TextAt(json, "mediaType"));
    artifact.media_type = TextAt(json, "mediaType");
    return artifact;
  }
  LANDWAITER_ASSIGN_OR_RETURN(Manifest manifest,
                              is_index ? ReadIndex(json) : ReadImage(json));
  manifest.media_type = TextAt(json, "mediaType");
  if (manifest.media_type.empty()) {
    manifest.media_type = is_index ? kOciIndex : kOciManifest;
  }
  return manifest;
}

absl::StatusOr<ConfigFile> ReadConfig(std::string_view bytes) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json json,
      ParseObject(bytes, kMaxJsonDepth, "the image's config"));
  ConfigFile file;
  file.config = ReadImageConfig(json);
  file.config.platform = ReadPlatform(json);
  const auto rootfs = json.find("rootfs");
  if (rootfs == json.end() || !rootfs->is_object() ||
      !rootfs->contains("diff_ids") || !(*rootfs)["diff_ids"].is_array()) {
    return Unsupported("the image's config has no rootfs.diff_ids");
  }
  for (const auto& text : (*rootfs)["diff_ids"]) {
    auto digest = model::Digest::Parse(
        text.is_string() ? text.get<std::string>() : std::string());
    if (!digest.ok()) return Unsupported("a diffID of the config is invalid");
    file.diff_ids.push_back(*std::move(digest));
  }
  return file;
}

}  // namespace landwaiter::agent::source
