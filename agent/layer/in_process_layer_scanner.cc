#include "agent/layer/in_process_layer_scanner.h"

#include <string>
#include <utility>

#include "agent/layer/spill_file.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {

absl::StatusOr<model::LayerReport> InProcessLayerScanner::Scan(
    const model::LayerRef& layer, FetchLayer fetch) {
  const Extractors extractors = make_extractors_();
  LANDWAITER_ASSIGN_OR_RETURN(const SpillFile spill, SpillFile::Open(""));
  std::string files;
  LayerReader reader(extractors, limits_, spill.fd(),
                     [&files](std::string_view bytes) {
                       files += bytes;
                       return absl::OkStatus();
                     });
  LANDWAITER_RETURN_IF_ERROR(
      fetch([&reader](std::string_view bytes) { return reader.Push(bytes); }));
  LANDWAITER_ASSIGN_OR_RETURN(model::LayerReport report, reader.Finish());
  report.blob_digest = layer.blob.digest;
  report.files.zstd = std::move(files);
  LANDWAITER_RETURN_IF_ERROR(CheckDiffId(layer, report));
  return report;
}

absl::Status CheckDiffId(const model::LayerRef& layer,
                         const model::LayerReport& report) {
  // Schema 1 manifests have no diffIDs.
  if (layer.diff_id.empty() || layer.diff_id == report.diff_id) {
    return absl::OkStatus();
  }
  return base::Failure(
      base::FailureCode::kDiffIdMismatch,
      base::StrCat("the inflated layer is ", report.diff_id.text(),
                   ", the image's config says ", layer.diff_id.text()));
}

}  // namespace landwaiter::agent::layer
