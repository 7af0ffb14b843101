#include "core/merge/merged_packages.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace landwaiter::merge {

MergedPackages::MergedPackages(std::vector<File> files,
                               std::vector<model::Digest> layers)
    : files_(std::move(files)), layers_(std::move(layers)) {
  size_t packages = 0;
  for (const File& file : files_) packages += file.packages.size();
  order_.reserve(packages);
  for (uint32_t file = 0; file < files_.size(); ++file) {
    for (uint32_t i = 0; i < files_[file].packages.size(); ++i) {
      order_.push_back({file, i});
    }
  }
  std::sort(order_.begin(), order_.end(),
            [this](Place a, Place b) { return Less(a, b); });
}

void MergedPackages::ForEach(Visitor visit) const {
  for (const Place place : order_) {
    const File& file = files_[place.file];
    visit({file.packages[place.package], file.path,
           layers_[file.layers[place.package]], file.owned});
  }
}

bool MergedPackages::Less(Place a, Place b) const {
  const File& first = files_[a.file];
  const File& second = files_[b.file];
  if (const int order = first.packages.PackedIdentity(a.package).compare(
          second.packages.PackedIdentity(b.package));
      order != 0) {
    return order < 0;
  }
  if (const int order = first.path.compare(second.path); order != 0) {
    return order < 0;
  }
  if (const int order = first.packages.Packed(a.package).compare(
          second.packages.Packed(b.package));
      order != 0) {
    return order < 0;
  }
  const model::Digest& first_layer = layers_[first.layers[a.package]];
  const model::Digest& second_layer = layers_[second.layers[b.package]];
  if (first_layer != second_layer) return first_layer < second_layer;
  return first.owned < second.owned;
}

}  // namespace landwaiter::merge
