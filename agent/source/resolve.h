#ifndef LANDWAITER_AGENT_SOURCE_RESOLVE_H_
#define LANDWAITER_AGENT_SOURCE_RESOLVE_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/source/image_source.h"
#include "core/model/image.h"

namespace landwaiter::agent::source {

// One platform's image, ready to be scanned.
struct ResolvedImage {
  model::Digest manifest;  // the platform manifest's
  std::string media_type;
  model::ImageConfig config;
  std::vector<model::LayerRef> layers;  // lowest first
};

// Follows `reference` through indexes to the image for `platform` (an empty
// part matches any; empty altogether: the host's, or the only one there is)
// and reads its config, which must have one diffID a layer. NotFound if no
// entry suits, naming those there are; UnsupportedMedia, with what it is, for
// an artifact; LimitExceeded for an index nested deeper than 5.
absl::StatusOr<ResolvedImage> ResolveImage(ImageSource& source,
                                           std::string_view reference,
                                           const model::Platform& platform);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_RESOLVE_H_
