#ifndef LANDWAITER_CORE_MODEL_IMAGE_REFERENCE_H_
#define LANDWAITER_CORE_MODEL_IMAGE_REFERENCE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/model/digest.h"

namespace landwaiter::model {

// The name of an image as people write it: [host[:port]/]repository[:tag]
// [@digest]. Grammar: distribution-spec (names, tags) and the Docker
// conventions for what is left out: no host means docker.io, a docker.io
// name without "/" lives under library/, no tag and no digest means :latest.
struct ImageReference {
  std::string host;        // "docker.io", "127.0.0.1:5000", "[::1]:5000"
  std::string repository;  // "library/debian"
  std::string tag;         // "" if only a digest was given
  Digest digest;           // empty if none was given

  static absl::StatusOr<ImageReference> Parse(std::string_view text);

  // What a manifest is asked for by: the digest if there is one, else the tag.
  const std::string& TagOrDigest() const;
  std::string ToString() const;

  friend bool operator==(const ImageReference&,
                         const ImageReference&) = default;
};

// Whether `text` is a repository name that the distribution-spec allows (at
// most 255 characters). Nothing else may reach a URL.
bool IsValidRepository(std::string_view text);
// Whether `text` is a tag: [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}.
bool IsValidTag(std::string_view text);

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_IMAGE_REFERENCE_H_
