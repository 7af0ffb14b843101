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
  // What is no number here is 0; mode is permissions alone.
  uint32_t mode = 0;
  uint64_t uid = 0;
  uint64_t gid = 0;
  uint64_t major = 0;
  uint64_t minor = 0;
  bool gnu = false;  // the GNU variant of the magic
  // Type 'S' of the GNU variant: the first pieces of the sparse map (sparse.h),
  // the file's size with holes, and whether more blocks of the map follow.
  std::string_view sparse_pieces;
  std::optional<uint64_t> real_size;
  bool sparse_map_continues = false;
};

// A field's number: octal, or base-256 where the first bit is set (GNU).
// nullopt for negative ones and those above 2^62, which have no meaning here.
std::optional<uint64_t> TarNumber(std::string_view field);

// Whether the block is all zeros: two of them end an archive.
bool IsZeroBlock(std::string_view block);

// CorruptLayer if the checksum is wrong or a number is not one.
// REQUIRES: block.size() == kTarBlock.
absl::StatusOr<TarHeader> ParseTarHeader(std::string_view block);

// Of a block of an old GNU sparse map: its pieces, and whether another one
// follows.
std::string_view SparsePiecesOf(std::string_view block);
bool SparseMapContinues(std::string_view block);

// What the records of an extended header (type 'x') say, of those that matter
// here.
struct PaxRecords {
  std::string path;
  std::string link;
  std::optional<uint64_t> size;
  std::optional<uint64_t> uid;
  std::optional<uint64_t> gid;
  std::string capability;  // SCHILY.xattr.security.capability
  // One of GNU tar's sparse formats: the real name and size, and the map,
  // which of format 1.0 stands before the content (`map_in_content`).
  bool sparse = false;
  std::string sparse_name;
  std::optional<uint64_t> real_size;
  bool map_in_content = false;
  std::string sparse_map;
};

// CorruptLayer for anything but well-formed records.
absl::StatusOr<PaxRecords> ParsePax(std::string_view records);

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_TAR_HEADER_H_
