#ifndef LANDWAITER_AGENT_SOURCE_TAR_INDEX_H_
#define LANDWAITER_AGENT_SOURCE_TAR_INDEX_H_

#include <cstddef>
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
  // The archive has several files of this name; this is the last, which is
  // what unpacking leaves. Other readers take the first.
  bool repeated = false;
};
// By clean path, without "/" or "./" before it.
using TarIndex = std::map<std::string, TarEntry>;

inline constexpr size_t kMaxArchiveEntries = 1'000'000;

// Reads the headers of `archive` (all forms that agent/layer/tar_reader reads).
// UnsupportedMedia for what is no tar or ends too early, LimitExceeded past
// `max_entries`.
absl::StatusOr<TarIndex> IndexTar(const LocalFile& archive,
                                  size_t max_entries = kMaxArchiveEntries);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_TAR_INDEX_H_
