#ifndef LANDWAITER_AGENT_SOURCE_IMAGE_CONFIG_H_
#define LANDWAITER_AGENT_SOURCE_IMAGE_CONFIG_H_

#include "core/model/image.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::source {

// What of it is kept; beyond, `truncated` is set.
inline constexpr size_t kMaxConfigItems = 1024;  // of each list
inline constexpr size_t kMaxConfigText = 4096;   // bytes of each text
inline constexpr size_t kMaxConfigTotal = size_t{1} << 20;  // bytes in all

// What an image's config file (OCI image-spec, config.md) says of how the
// image was made and how it runs: without its secrets (redact.h), and valid
// UTF-8. What is missing or of another type counts as empty.
model::ImageConfig ReadImageConfig(const nlohmann::json& file);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_IMAGE_CONFIG_H_
