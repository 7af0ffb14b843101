#ifndef LANDWAITER_AGENT_SOURCE_LAYOUT_SOURCE_H_
#define LANDWAITER_AGENT_SOURCE_LAYOUT_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "agent/source/image_source.h"

namespace landwaiter::agent::source {

// Images on this machine's disk, read in place.

// An OCI image layout (image-spec, image-layout.md) in a folder. A reference
// is the org.opencontainers.image.ref.name of an entry of index.json.
absl::StatusOr<std::unique_ptr<ImageSource>> OpenLayoutDirectory(
    const std::string& path);

// The same in a tar archive, as `skopeo copy ... oci-archive:` writes it.
absl::StatusOr<std::unique_ptr<ImageSource>> OpenLayoutArchive(
    const std::string& path);

// What `docker save` and `skopeo copy ... docker-archive:` write: manifest.json
// beside the layers, plain or compressed. The manifest is made from that file,
// since the archive has none; its digest therefore is not the registry's. A
// reference is one of the RepoTags.
absl::StatusOr<std::unique_ptr<ImageSource>> OpenDockerArchive(
    const std::string& path);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_LAYOUT_SOURCE_H_
