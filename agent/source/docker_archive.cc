#include "agent/source/docker_archive.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/source/json.h"
#include "agent/source/manifest.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::source {
namespace {

using base::Failure;
using base::FailureCode;

constexpr char kManifestType[] = "application/vnd.oci.image.manifest.v1+json";
constexpr char kConfigType[] = "application/vnd.oci.image.config.v1+json";
constexpr std::string_view kLayerType =
    "application/vnd.oci.image.layer.v1.tar";

// docker writes "a/b:v1" where skopeo writes "docker.io/a/b:v1".
bool SameName(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto name = model::ImageReference::Parse(a);
  const auto other = model::ImageReference::Parse(b);
  return name.ok() && other.ok() && *name == *other;
}

// Whether `entry` of manifest.json, one of `images`, is `reference`.
bool Names(const nlohmann::json& entry, std::string_view reference,
           size_t images) {
  if (!entry.is_object()) return false;
  if (reference.empty()) return images == 1;
  const auto tags = entry.find("RepoTags");
  if (tags == entry.end() || !tags->is_array()) return false;
  return std::any_of(tags->begin(), tags->end(), [&](const auto& tag) {
    return tag.is_string() &&
           SameName(tag.template get<std::string>(), reference);
  });
}

// What the media type of a layer that begins so ends with. `docker save` and
// skopeo write plain tars; jib, kaniko and crane write what they pushed.
absl::StatusOr<std::string_view> CompressionOf(const Place& layer) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::string start,
      layer.file->ReadString(layer.offset, std::min<uint64_t>(layer.size, 4)));
  if (start.starts_with("\x1f\x8b")) return "+gzip";
  if (start == "\x28\xb5\x2f\xfd") return "+zstd";
  return "";
}

struct Blob {
  model::Descriptor descriptor;
  Place place;
};

// The layer that has `diff_id` by the config's word. A plain tar's digest is
// its diffID (checked when it is fetched); a compressed one is read for it.
absl::StatusOr<Blob> DescribeLayer(Place place, const model::Digest& diff_id) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string_view compression,
                              CompressionOf(place));
  Blob blob;
  blob.descriptor.media_type = base::StrCat(kLayerType, compression);
  blob.descriptor.size = place.size;
  blob.descriptor.digest = diff_id;
  if (!compression.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(blob.descriptor.digest,
                                place.file->DigestOf(place.offset, place.size));
  }
  blob.place = std::move(place);
  return blob;
}

nlohmann::ordered_json ToJson(const model::Descriptor& descriptor) {
  return {{"mediaType", descriptor.media_type},
          {"digest", descriptor.digest.text()},
          {"size", descriptor.size}};
}

class DockerArchiveSource : public ImageSource {
 public:
  explicit DockerArchiveSource(std::unique_ptr<Files> files)
      : files_(std::move(files)) {}

  absl::StatusOr<RawManifest> GetManifest(std::string_view reference,
                                          uint64_t limit) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string bytes,
                                files_->Read("manifest.json", limit));
    LANDWAITER_ASSIGN_OR_RETURN(
        const nlohmann::json json,
        ParseArray(bytes, kMaxJsonDepth, "manifest.json"));
    for (const auto& entry : json) {
      if (Names(entry, reference, json.size())) return Make(entry);
    }
    return Failure(FailureCode::kNotFound,
                   base::StrCat("the archive has no image tagged \"",
                                base::Printable(reference), "\""));
  }

  absl::Status FetchBlob(const model::Descriptor& blob,
                         BlobSink sink) override {
    Place place;
    {
      absl::MutexLock lock(&mutex_);
      const auto found = blobs_.find(blob.digest);
      if (found == blobs_.end()) {
        return Failure(
            FailureCode::kNotFound,
            base::StrCat("the archive has no blob ", blob.digest.text()));
      }
      place = found->second;
    }
    return place.file->StreamBlob(place.offset, place.size, blob, sink);
  }

 private:
  absl::StatusOr<RawManifest> Make(const nlohmann::json& entry) {
    LANDWAITER_ASSIGN_OR_RETURN(const Blob config,
                                DescribeConfig(TextAt(entry, "Config")));
    LANDWAITER_ASSIGN_OR_RETURN(
        const std::string config_bytes,
        config.place.file->ReadString(config.place.offset, config.place.size));
    LANDWAITER_ASSIGN_OR_RETURN(const ConfigFile file,
                                ReadConfig(config_bytes));
    const auto layers = entry.find("Layers");
    if (layers == entry.end() || !layers->is_array() ||
        layers->size() != file.diff_ids.size()) {
      return Failure(FailureCode::kUnsupportedMedia,
                     "manifest.json and the config disagree on the layers");
    }
    LANDWAITER_RETURN_IF_ERROR(CheckLayerCount(layers->size()));
    nlohmann::ordered_json manifest = {
        {"schemaVersion", 2},
        {"mediaType", kManifestType},
        {"config", ToJson(config.descriptor)},
        {"layers", nlohmann::ordered_json::array()}};
    Add(config);
    for (size_t i = 0; i < layers->size(); ++i) {
      LANDWAITER_ASSIGN_OR_RETURN(Place place, FindLayer((*layers)[i]));
      LANDWAITER_ASSIGN_OR_RETURN(
          const Blob layer, DescribeLayer(std::move(place), file.diff_ids[i]));
      manifest["layers"].push_back(ToJson(layer.descriptor));
      Add(layer);
    }
    std::string bytes = manifest.dump();
    const auto digest = model::Digest::Of(bytes);
    return RawManifest{kManifestType, digest, std::move(bytes)};
  }

  absl::StatusOr<Blob> DescribeConfig(const std::string& path) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string bytes,
                                files_->Read(path, kMaxConfigBytes));
    Blob blob;
    LANDWAITER_ASSIGN_OR_RETURN(blob.place, files_->Find(path));
    blob.descriptor.media_type = kConfigType;
    blob.descriptor.digest = model::Digest::Of(bytes);
    blob.descriptor.size = bytes.size();
    return blob;
  }

  absl::StatusOr<Place> FindLayer(const nlohmann::json& path) {
    return files_->Find(path.is_string() ? path.get<std::string>()
                                         : std::string());
  }

  void Add(const Blob& blob) {
    absl::MutexLock lock(&mutex_);
    blobs_[blob.descriptor.digest] = blob.place;
  }

  const std::unique_ptr<Files> files_;
  absl::Mutex mutex_;
  // Of the manifests that were asked for.
  std::map<model::Digest, Place> blobs_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<ImageSource> NewDockerArchiveSource(
    std::unique_ptr<Files> files) {
  return std::make_unique<DockerArchiveSource>(std::move(files));
}

}  // namespace landwaiter::agent::source
