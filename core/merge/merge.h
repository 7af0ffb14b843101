#ifndef LANDWAITER_CORE_MERGE_MERGE_H_
#define LANDWAITER_CORE_MERGE_MERGE_H_

#include <vector>

#include "absl/types/span.h"
#include "core/merge/merged_packages.h"
#include "core/model/image.h"
#include "core/model/layer_report.h"

namespace landwaiter::merge {

// What an image holds when its layers, lowest first, are laid over one another
// as OCI image-spec, layer.md, has it. Fills in `os`, `packages` and
// `problems`; what the manifest and the config say is the caller's to add.
//
// - Whiteouts, opaque directories and obstructions (layer_report.h) of a layer
//   hide what is below it, never what the layer itself holds. So does whatever
//   the layer's list of files has at a path: a program that a script replaced
//   is gone, and so is all below a directory that a link replaced. Of a layer
//   whose list is cut or broken that is not known, which is a problem.
// - A database that a layer holds takes the place of the lower one at the same
//   path; each file of dpkg's status.d is one of its own. A package that both
//   list keeps the layer that brought it, so that layer is the lowest from
//   which on it is listed unchanged.
// - A package is owned if a package database that is left lists the file that
//   tells of it, by that path or by what a merged /usr makes of it ("lib/x" is
//   "usr/lib/x").
// - The system is told by the first of kReleasePaths that names one, links
//   followed. Where it has neither version nor codename, a later one of the
//   same id fills them in.
// - Problems are those of the files that are left, and links that stand in
//   place of a package database and lead to none.
//
// Pure and deterministic: equal reports give an equal inventory, sorted as
// image.h says. REQUIRES: each report passes model::CheckLayerReport.
model::Inventory MergeLayers(absl::Span<const model::LayerReport> layers);

// The same in little memory, for an image with tens of thousands of packages:
// they are in `packages`, not in the inventory.
struct MergedImage {
  model::Inventory inventory;
  MergedPackages packages;
};
MergedImage MergeLayersCompactly(std::vector<model::LayerReport> layers);

}  // namespace landwaiter::merge

#endif  // LANDWAITER_CORE_MERGE_MERGE_H_
