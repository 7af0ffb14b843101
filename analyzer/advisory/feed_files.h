#ifndef LANDWAITER_ANALYZER_ADVISORY_FEED_FILES_H_
#define LANDWAITER_ANALYZER_ADVISORY_FEED_FILES_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/advisory/feed_format.h"

// Where the files of a feed are found: in directories, in archives (zip; tar,
// also compressed) and archives inside those, as compressed single files
// (gzip, bzip2, xz, zstd), or plain.
namespace landwaiter::analyzer::advisory {

// Against a feed that is larger than any real one, or an archive that only
// pretends to be.
struct FeedLimits {
  uint64_t files = 5'000'000;
  uint64_t bytes = uint64_t{64} << 30;  // of all files, unpacked
  // Unpacked bytes for one packed, once an archive gave kRatioFree bytes.
  uint64_t ratio = 400;
  static constexpr uint64_t kRatioFree = uint64_t{64} << 20;
  int nesting = 3;  // archives inside one another
};

// Shows every file that the format reads, one after the other: those of a
// directory in the order of their paths, those of an archive as they lie
// there. Files by other names are left out, and so are links to directories
// and all that begins with ".." (a ConfigMap's mount keeps its files there,
// beside links to each). A single file is read whatever its name.
//
// NOT_FOUND if there is nothing at `path`; INVALID_ARGUMENT if nothing there
// is of the format, or an archive is damaged as a whole; LimitExceeded; or what
// `visit` returns other than OK.
using VisitFile = absl::FunctionRef<absl::Status(FeedFile&)>;
absl::Status ReadFeedFiles(const std::string& path, const FeedFormat& format,
                           const FeedLimits& limits, VisitFile visit);

// SHA-256, in hex, over the names and bytes of the files that ReadFeedFiles
// would open.
absl::StatusOr<std::string> FeedDigest(const std::string& path,
                                       const FeedFormat& format);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FEED_FILES_H_
