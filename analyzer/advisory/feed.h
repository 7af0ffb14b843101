#ifndef LANDWAITER_ANALYZER_ADVISORY_FEED_H_
#define LANDWAITER_ANALYZER_ADVISORY_FEED_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/advisory/osv/osv.h"

namespace landwaiter::analyzer::advisory {

struct FeedLimits {
  uint64_t records = 5'000'000;
  uint64_t bytes = uint64_t{64} << 30;  // of all records, uncompressed
};

// One record, or why it could not be read as far as JSON.
struct FeedRecord {
  std::string_view name;  // of the file, for messages
  std::string_view json;
  RecordProblem problem = RecordProblem::kNone;
};

// Shows every record of a local feed, one after the other: of a directory all
// *.json, and what is in all *.zip, at any depth, in the order of their paths;
// or a single *.json or zip. Files by other names are left out, and so are
// links to directories and all that begins with ".." (a ConfigMap's mount keeps
// its files there, beside links to each).
//
// NOT_FOUND if there is nothing at `path`; INVALID_ARGUMENT if it is none of
// these or the zip is damaged as a whole; LimitExceeded; or what `visit`
// returns other than OK.
using VisitRecord = absl::FunctionRef<absl::Status(const FeedRecord&)>;
absl::Status ReadFeed(const std::string& path, const FeedLimits& limits,
                      VisitRecord visit);

// SHA-256, in hex, over the names and bytes of the files that ReadFeed would
// read.
absl::StatusOr<std::string> FeedDigest(const std::string& path);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FEED_H_
