#ifndef LANDWAITER_TESTS_SIMULATION_WORLD_H_
#define LANDWAITER_TESTS_SIMULATION_WORLD_H_

#include <map>
#include <string>
#include <vector>

#include "agent/registry/registry.h"
#include "core/model/image.h"

namespace landwaiter::simulation {

// The content of a registry: images over shared layers, some of them broken,
// the same for every seed. Each layer is a real compressed tar with dpkg
// status.d files, so that the real pipeline has something to read.
struct World {
  struct Image {
    std::string repository;
    model::Digest manifest;
    std::string tag;  // empty: only an index names it
    bool scannable = true;
  };
  std::map<model::Digest, std::string> blobs;      // layers and configs
  std::map<model::Digest, std::string> manifests;  // images and indexes
  // repository -> tag -> manifest.
  std::map<std::string, std::map<std::string, model::Digest>> tags;
  std::vector<Image> images;  // what a scan of everything counts
};

const World& TheWorld();

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_WORLD_H_
