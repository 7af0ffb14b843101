#ifndef LANDWAITER_ANALYZER_ADVISORY_UNPACK_H_
#define LANDWAITER_ANALYZER_ADVISORY_UNPACK_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "analyzer/advisory/feed_files.h"
#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// What is left of a feed's limits. Used by one thread.
class FeedBudget {
 public:
  explicit FeedBudget(const FeedLimits& limits)
      : limits_(limits), nesting_(limits.nesting) {}
  absl::Status TakeFile();
  absl::Status TakeBytes(uint64_t bytes);
  // An archive that so far gave `unpacked` bytes for `packed`.
  absl::Status CheckRatio(uint64_t unpacked, uint64_t packed) const;
  absl::Status Enter();
  void Leave() { ++nesting_; }

 private:
  const FeedLimits limits_;
  int nesting_;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
};

// "a.tar.gz", "a.zip": files inside.
bool IsArchiveName(std::string_view name);
// "a.xml" of "a.xml.gz"; the name itself if it names no compression.
std::string_view WithoutCompression(std::string_view name);

// Shows what is packed in the file: each entry of an archive that the format
// reads, or the one file that is compressed, or the file as it is. With
// `whatever_name` a file that is no archive is shown whatever its name.
absl::Status Unpack(const std::string& path, const std::string& name,
                    const FeedFormat& format, bool whatever_name,
                    FeedBudget& budget, VisitFile visit);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_UNPACK_H_
