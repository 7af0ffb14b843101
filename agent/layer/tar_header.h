#ifndef LANDWAITER_AGENT_LAYER_TAR_HEADER_H_
#define LANDWAITER_AGENT_LAYER_TAR_HEADER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landwaiter::agent::layer {

inline constexpr size_t kTarBlock = 512;

// One header block (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar
// manual, "Basic Tar Format"). The views point into the block.
struct TarHeader {
  char type = '\0';
  std::string_view name;
  std::string_view prefix;  // goes before the name, with a slash; may be empty
  std::string_view link;
  uint64_t size = 0;
  bool gnu = false;  // the GNU variant of the magic
  // Type 'S': more blocks of the sparse map follow the header.
  bool sparse_map_continues = false;
};

// Whether the block is all zeros: two of them end an archive.
bool IsZeroBlock(std::string_view block);

// CorruptLayer if the checksum is wrong or a number is not one.
// REQUIRES: block.size() == kTarBlock.
absl::StatusOr<TarHeader> ParseTarHeader(std::string_view block);

// Whether another block of an old GNU sparse map follows `block`, which is one.
bool SparseMapContinues(std::string_view block);

// What the records of an extended header (type 'x') say, of those that matter
// here.
struct PaxRecords {
  std::string path;
  std::string link;
  std::optional<uint64_t> size;
  std::string sparse_name;
  bool sparse = false;
};

// CorruptLayer for anything but well-formed records.
absl::StatusOr<PaxRecords> ParsePax(std::string_view records);

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_TAR_HEADER_H_
