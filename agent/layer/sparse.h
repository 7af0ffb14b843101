#ifndef LANDWAITER_AGENT_LAYER_SPARSE_H_
#define LANDWAITER_AGENT_LAYER_SPARSE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace landwaiter::agent::layer {

// A piece of a sparse file that the archive holds; what lies between pieces is
// zeros.
struct SparsePiece {
  uint64_t offset = 0;
  uint64_t size = 0;
};
using SparseMap = std::vector<SparsePiece>;

// The maps of GNU tar's formats (GNU tar manual, "Storing Sparse Files"). Each
// returns false, or nullopt, for what is malformed.

// The old GNU format: appends the pieces in `fields`, a multiple of 24 bytes;
// an empty field ends them.
bool AppendGnuPieces(std::string_view fields, SparseMap& map);
// Formats 0.0 and 0.1, "offset,size,offset,size".
std::optional<SparseMap> ParsePaxMap(std::string_view text);
// Format 1.0: the number of pieces, then offset and size of each, a line each.
// kMore until `text` has that many lines; what is behind them is padding.
enum class MapText { kMore, kWhole, kMalformed };
MapText ParseTextMap(std::string_view text, SparseMap& map);

// Whether the pieces ascend, do not overlap and end within `real_size`.
bool IsSound(const SparseMap& map, uint64_t real_size);
// Bytes in the pieces. REQUIRES: IsSound.
uint64_t StoredSize(const SparseMap& map);

// Puts a sparse file together from its stored bytes. Not thread-safe.
class SparseExpander {
 public:
  using Sink = absl::FunctionRef<absl::Status(std::string_view)>;

  SparseExpander() = default;
  // REQUIRES: IsSound(map, real_size).
  SparseExpander(SparseMap map, uint64_t real_size)
      : map_(std::move(map)), real_size_(real_size) {}

  // The next stored bytes; `sink` gets them with the zeros before them.
  // REQUIRES: not more than StoredSize in all.
  absl::Status Push(std::string_view stored, Sink sink);
  // After the last: the zeros at the end.
  absl::Status Finish(Sink sink);

 private:
  absl::Status Zeros(uint64_t until, Sink sink);

  SparseMap map_;
  uint64_t real_size_ = 0;
  size_t piece_ = 0;       // index into map_
  uint64_t position_ = 0;  // in the file
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_SPARSE_H_
