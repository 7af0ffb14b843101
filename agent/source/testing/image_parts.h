#ifndef LANDWAITER_AGENT_SOURCE_TESTING_IMAGE_PARTS_H_
#define LANDWAITER_AGENT_SOURCE_TESTING_IMAGE_PARTS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/digest.h"

// The documents that an image consists of, for tests.
namespace landwaiter::agent::source::testing {

inline constexpr char kOciManifestType[] =
    "application/vnd.oci.image.manifest.v1+json";
inline constexpr char kOciIndexType[] =
    "application/vnd.oci.image.index.v1+json";
inline constexpr char kOciConfigType[] =
    "application/vnd.oci.image.config.v1+json";
inline constexpr char kOciLayerType[] =
    "application/vnd.oci.image.layer.v1.tar";

inline nlohmann::json DescriptorOf(std::string_view bytes,
                                   const std::string& media_type) {
  return {{"mediaType", media_type},
          {"digest", model::Digest::Of(bytes).text()},
          {"size", bytes.size()}};
}

// A config for linux/amd64 whose diffIDs are those of `tars`.
inline nlohmann::json ConfigOf(const std::vector<std::string>& tars) {
  nlohmann::json config = {
      {"os", "linux"},
      {"architecture", "amd64"},
      {"rootfs", {{"type", "layers"}, {"diff_ids", nlohmann::json::array()}}}};
  for (const std::string& tar : tars) {
    config["rootfs"]["diff_ids"].push_back(model::Digest::Of(tar).text());
  }
  return config;
}

// The manifest of plain `layers` with this config.
inline nlohmann::json ManifestOf(const std::string& config,
                                 const std::vector<std::string>& layers) {
  nlohmann::json manifest = {{"schemaVersion", 2},
                             {"mediaType", kOciManifestType},
                             {"config", DescriptorOf(config, kOciConfigType)},
                             {"layers", nlohmann::json::array()}};
  for (const std::string& layer : layers) {
    manifest["layers"].push_back(DescriptorOf(layer, kOciLayerType));
  }
  return manifest;
}

}  // namespace landwaiter::agent::source::testing

#endif  // LANDWAITER_AGENT_SOURCE_TESTING_IMAGE_PARTS_H_
