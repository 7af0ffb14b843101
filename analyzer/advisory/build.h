#ifndef LANDWAITER_ANALYZER_ADVISORY_BUILD_H_
#define LANDWAITER_ANALYZER_ADVISORY_BUILD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "analyzer/advisory/advisory_db.h"
#include "analyzer/advisory/feed.h"

namespace landwaiter::analyzer::advisory {

// What became of the records of the feeds.
struct BuildReport {
  uint64_t records = 0;
  uint64_t taken = 0;
  uint64_t withdrawn = 0;
  // Records that were left out, by ToString(RecordProblem).
  std::map<std::string, uint64_t> skipped;
  // "file: what is wrong" of the first of those, at most kMaxExamples.
  std::vector<std::string> examples;
  static constexpr size_t kMaxExamples = 20;

  friend bool operator==(const BuildReport&, const BuildReport&) = default;
};

struct BuiltAdvisories {
  std::unique_ptr<AdvisoryDb> db;
  BuildReport report;
  bool reused = false;  // it was there already
};

// The database of these local feeds (feed.h), kept in `directory` by the
// digest of what the feeds hold: built there if it is not, under another name
// first, so that whoever opens one has a whole one. Of those that are there
// only the newest few are kept. Any number of processes may do this at once.
absl::StatusOr<BuiltAdvisories> BuildAdvisories(
    absl::Span<const std::string> feeds, const std::string& directory,
    const FeedLimits& limits = {});

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_BUILD_H_
