#ifndef LANDWAITER_AGENT_SOURCE_TAR_INDEX_H_
#define LANDWAITER_AGENT_SOURCE_TAR_INDEX_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "agent/source/local_file.h"

namespace landwaiter::agent::source {

// Where the regular files of a tar archive are, so that an image archive is
// read in place and never unpacked. Hard and symbolic links (as `docker save`
// makes for shared layers) lead to their target's place.
struct TarEntry {
  uint64_t offset = 0;  // of the content
  uint64_t size = 0;
};
using TarIndex = std::map<std::string, TarEntry>;

// Reads the headers of `archive` (ustar, GNU and pax names). UnsupportedMedia
// for what is no tar, LimitExceeded past a million entries.
absl::StatusOr<TarIndex> IndexTar(const LocalFile& archive);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_TAR_INDEX_H_
