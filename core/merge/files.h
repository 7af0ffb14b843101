#ifndef LANDWAITER_CORE_MERGE_FILES_H_
#define LANDWAITER_CORE_MERGE_FILES_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/model/file.h"
#include "core/model/layer_report.h"

namespace landwaiter::merge {

struct MergedFiles {
  std::vector<model::File> files;  // by path
  // Layers whose list is cut, missing or broken: then `files` is not all.
  std::vector<std::string> problems;
};

// Every file of an image whose layers, lowest first, are laid over one another
// as MergeLayers does it. Takes memory for all of them, some 300 bytes each:
// for one image that somebody asks for.
MergedFiles MergeFiles(absl::Span<const model::LayerReport> layers);

}  // namespace landwaiter::merge

#endif  // LANDWAITER_CORE_MERGE_FILES_H_
