#ifndef LANDWAITER_AGENT_SOURCE_MANIFEST_H_
#define LANDWAITER_AGENT_SOURCE_MANIFEST_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/source/image_source.h"
#include "core/model/image.h"

namespace landwaiter::agent::source {

// Bounds of what a registry may make us hold and walk; beyond: LimitExceeded
// with the name in quotes as cause.
inline constexpr uint64_t kMaxManifestBytes = uint64_t{4}
                                              << 20;            // manifestSize
inline constexpr uint64_t kMaxConfigBytes = uint64_t{8} << 20;  // configSize
inline constexpr size_t kMaxLayers = 512;                       // layers
inline constexpr size_t kMaxIndexEntries = 2048;                // indexEntries
inline constexpr int kMaxJsonDepth = 128;                       // jsonDepth

// What a manifest turned out to be.
enum class ManifestKind {
  kImage,     // one platform's: config and layers
  kIndex,     // names of other manifests
  kArtifact,  // something that is no runnable image; `unsupported` says what
};

// A manifest or index, read (OCI image-spec manifest.md and image-index.md;
// Docker image manifest v2 schema 2).
struct Manifest {
  ManifestKind kind = ManifestKind::kArtifact;
  std::string media_type;  // what it is, by body and header together
  std::string unsupported;
  model::Descriptor config;                // kImage
  std::vector<model::Descriptor> layers;   // kImage, lowest first
  std::vector<model::Descriptor> entries;  // kIndex, without attestations
  // Bytes of config and layers together; 0 for an index.
  uint64_t TotalSize() const;
};

// Reads a manifest. Schema 1 and things that are no images (charts,
// signatures) are artifacts, not errors. UnsupportedMedia for what cannot be
// read at all or is ambiguous: a body that is both manifest and index, or that
// is another kind than the registry said (GHSA-5j5w-g665-5m35).
absl::StatusOr<Manifest> ReadManifest(const RawManifest& raw);

// LimitExceeded ("layers") past kMaxLayers.
absl::Status CheckLayerCount(size_t count);

// The platform, diffIDs and facts of an image's config blob. UnsupportedMedia
// if it is none.
struct ConfigFile {
  model::ImageConfig config;
  std::vector<model::Digest> diff_ids;
};
absl::StatusOr<ConfigFile> ReadConfig(std::string_view bytes);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_MANIFEST_H_
