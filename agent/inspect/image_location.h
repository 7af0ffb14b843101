#ifndef LANDWAITER_AGENT_INSPECT_IMAGE_LOCATION_H_
#define LANDWAITER_AGENT_INSPECT_IMAGE_LOCATION_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landwaiter::agent::inspect {

// Where a user says that an image is, in the transports of skopeo:
// "oci:DIR[:TAG]", "oci-archive:FILE[:TAG]", "docker-archive:FILE[:REFERENCE]";
// "dir:PATH" is a directory tree as a root, which is no image; anything else
// is an image in a registry.
struct ImageLocation {
  enum class Kind {
    kRegistry,
    kLayout,
    kLayoutArchive,
    kDockerArchive,
    kDirectory
  };
  Kind kind = Kind::kRegistry;
  std::string path;       // empty for kRegistry
  std::string reference;  // for kRegistry the whole text; else may be empty
};

// Looks at the disk, since a path may hold colons: the longest part in front
// of a colon that exists is the path. NotFound if none does.
absl::StatusOr<ImageLocation> ParseImageLocation(std::string_view text);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_IMAGE_LOCATION_H_
