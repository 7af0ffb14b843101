#ifndef LANDWAITER_CORE_MERGE_MERGED_PACKAGES_H_
#define LANDWAITER_CORE_MERGE_MERGED_PACKAGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/model/image.h"
#include "core/model/packages.h"

namespace landwaiter::merge {

using LayerNumber = uint32_t;  // from 0, lowest first

// The packages of a merged image, sorted as model::Inventory::packages is, in
// a fraction of the memory: each is made for whoever asks, one at a time.
class MergedPackages {
 public:
  // What one file tells.
  struct File {
    std::string path;
    model::Packages packages;
    std::vector<LayerNumber> layers;  // of each package: what brought it in
    bool owned = false;
  };

  MergedPackages() = default;
  // `layers`: their blobs' digests.
  MergedPackages(std::vector<File> files, std::vector<model::Digest> layers);

  size_t size() const { return order_.size(); }
  using Visitor = absl::FunctionRef<void(const model::InstalledPackage&)>;
  void ForEach(Visitor visit) const;

 private:
  struct Place {
    uint32_t file;
    uint32_t package;
  };

  bool Less(Place a, Place b) const;

  std::vector<File> files_;  // by path
  std::vector<model::Digest> layers_;
  std::vector<Place> order_;
};

}  // namespace landwaiter::merge

#endif  // LANDWAITER_CORE_MERGE_MERGED_PACKAGES_H_
