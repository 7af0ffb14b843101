// A layer through all its stages, with the real extractors: whatever comes
// out must be a report that keeps the report's rules.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/extract/catalog.h"
#include "agent/layer/layer_reader.h"
#include "core/file_list/reader.h"
#include "core/model/layer_report_check.h"

namespace {

namespace layer = landwaiter::agent::layer;
namespace model = landwaiter::model;

layer::Limits SmallLimits() {
  layer::Limits limits;
  limits.inflated_bytes = uint64_t{8} << 20;
  limits.entries = 5000;
  limits.sparse_bytes = uint64_t{1} << 20;
  return limits;
}

absl::StatusOr<model::LayerReport> Scan(const layer::Extractors& extractors,
                                        std::string_view bytes, size_t piece) {
  std::string files;
  layer::LayerReader reader(extractors, SmallLimits(), /*spill_fd=*/-1,
                            [&files](std::string_view piece_of_list) {
                              files += piece_of_list;
                              return absl::OkStatus();
                            });
  while (!bytes.empty()) {
    if (const absl::Status status = reader.Push(bytes.substr(0, piece));
        !status.ok()) {
      return status;
    }
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  auto report = reader.Finish();
  if (report.ok()) report->files.zstd = std::move(files);
  return report;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* extractors =
      new layer::Extractors(landwaiter::agent::extract::AllExtractors());
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto report = Scan(*extractors, bytes, 1 + size % 5000);
  if (!report.ok()) return 0;
  report->blob_digest = model::Digest::Of(bytes);
  if (!model::CheckLayerReport(*report).ok()) std::abort();
  uint64_t entries = 0;
  const absl::Status files = landwaiter::file_list::Read(
      report->files.zstd, report->files.sha256, model::kMaxFileListBytes,
      [&entries](const landwaiter::file_list::Entry&) {
        ++entries;
        return absl::OkStatus();
      });
  if (!files.ok() || entries != report->files.count) std::abort();
  const auto again = Scan(*extractors, bytes, size + 1);
  if (!again.ok() || again->diff_id != report->diff_id ||
      again->extracts != report->extracts || again->files != report->files) {
    std::abort();
  }
  return 0;
}
