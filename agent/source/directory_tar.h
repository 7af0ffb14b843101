#ifndef LANDWAITER_AGENT_SOURCE_DIRECTORY_TAR_H_
#define LANDWAITER_AGENT_SOURCE_DIRECTORY_TAR_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/source/image_source.h"

namespace landwaiter::agent::source {

// Streams the tree below the directory `path` into `sink` as a pax archive
// (POSIX.1-2017) whose root is that directory, as if it were the only layer of
// an image: sorted by name, links as they are and never followed, without what
// lies on other file systems (/proc of a running system).
//
// Gives what could not be read ("var/x: Permission denied"), sorted, at most
// kMaxDirectoryProblems of them; the rest of the tree is in the archive. A file
// that shrinks while it is read is filled up with zeros, and said too.
// INVALID_ARGUMENT if `path` is no directory that can be opened; else an error
// is the sink's. Memory grows with the largest directory alone. Blocks.
absl::StatusOr<std::vector<std::string>> StreamDirectory(
    const std::string& path, BlobSink sink);

inline constexpr size_t kMaxDirectoryProblems = 100;

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_DIRECTORY_TAR_H_
