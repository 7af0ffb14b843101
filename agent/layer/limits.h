#ifndef LANDWAITER_AGENT_LAYER_LIMITS_H_
#define LANDWAITER_AGENT_LAYER_LIMITS_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::layer {

// What one layer may cost. Passing a limit is LimitExceeded, with the kind
// named behind each as its cause.
struct Limits {
  uint64_t compressed_bytes = uint64_t{16} << 30;  // compressedSize
  uint64_t inflated_bytes = uint64_t{64} << 30;    // inflatedSize
  // Inflated bytes for each compressed one, once more than `ratio_free_bytes`
  // were inflated.
  uint64_t ratio = 300;  // ratio
  uint64_t ratio_free_bytes = uint64_t{64} << 20;
  uint64_t entries = 5'000'000;      // entries
  uint64_t path_bytes = 4096;        // path
  uint64_t header_bytes = 1u << 20;  // header: of one extended tar header
  // Zeros that the holes of all sparse files make.
  uint64_t sparse_bytes = uint64_t{16} << 30;  // sparseSize
  // A file that an extractor wants; what does not fit into `memory_bytes`
  // goes to the spill file.
  uint64_t file_bytes = uint64_t{256} << 20;  // fileSize
  uint64_t file_memory_bytes = uint64_t{4} << 20;
  int zstd_window_log = 23;  // zstdWindow: 8 MiB
  // What the report takes in memory: some 200,000 packages of a few files, or
  // 50,000 of a file each.
  uint64_t report_bytes = uint64_t{24} << 20;  // reportSize
  // What is told of files, before compression; past it the list is cut, which
  // is no failure (core/file_list/writer.h).
  uint64_t file_list_bytes = model::kMaxFileListBytes;
  // Of the process that reads a layer.
  uint64_t memory_bytes = uint64_t{96} << 20;  // memory
  // For the layer as a whole, and without progress: DeadlineExceeded.
  absl::Duration deadline = absl::Minutes(30);
  absl::Duration idle_deadline = absl::Minutes(2);
};

// LimitExceeded with `kind` as cause: "`what` exceeds the limit of `limit`".
absl::Status LimitExceeded(std::string_view kind, std::string_view what,
                           uint64_t limit);

// CorruptLayer.
absl::Status CorruptLayer(std::string_view message);

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_LIMITS_H_
