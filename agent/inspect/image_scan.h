#ifndef LANDWAITER_AGENT_INSPECT_IMAGE_SCAN_H_
#define LANDWAITER_AGENT_INSPECT_IMAGE_SCAN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/layer/layer_scanner.h"
#include "agent/source/image_source.h"
#include "core/merge/merge.h"
#include "core/model/image.h"

namespace landwaiter::agent::inspect {

// How far a scan is; called from several threads at once.
class ScanObserver {
 public:
  virtual ~ScanObserver() = default;
  virtual void OnImage(size_t layers, uint64_t bytes) = 0;
  virtual void OnBytes(uint64_t bytes) = 0;  // compressed, since the last call
  virtual void OnLayerDone() = 0;
};

struct ScanPlan {
  std::string_view reference;  // tag, digest or empty
  model::Platform platform;    // empty: this machine's
  int parallelism = 2;         // layers read at a time, at least 1
  bool files = false;          // fill Inventory::files
};

// What an image holds; its packages are in `packages`, not in the inventory.
using ScannedImage = merge::MergedImage;

// Reads the whole of one image: manifest, config, every layer once, and what
// they make together. `Inventory::reference` is left to the caller. The first
// failure of a layer is the image's, with the layer's digest before it; the
// other layers are then given up.
absl::StatusOr<ScannedImage> ScanImage(source::ImageSource& source,
                                       layer::LayerScanner& scanner,
                                       const ScanPlan& plan,
                                       ScanObserver& observer);

// Reads a directory tree as the root of a system, as if it were an image of one
// layer. The layer's digest is that of the tree's archive
// (source::StreamDirectory), the manifest's is empty; what could not be read is
// among the problems.
absl::StatusOr<ScannedImage> ScanDirectory(const std::string& path,
                                           layer::LayerScanner& scanner,
                                           ScanObserver& observer);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_IMAGE_SCAN_H_
