#ifndef LANDWAITER_ANALYZER_ADVISORY_BUILD_H_
#define LANDWAITER_ANALYZER_ADVISORY_BUILD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "analyzer/advisory/advisory_db.h"
#include "analyzer/advisory/feed_cache.h"
#include "analyzer/advisory/feed_spec.h"
#include "core/base/clock.h"
#include "core/base/failpoint.h"

namespace landwaiter::analyzer::advisory {

// What became of the records of all feeds.
struct BuildReport {
  uint64_t records = 0;
  uint64_t taken = 0;
  uint64_t enrichments = 0;
  uint64_t withdrawn = 0;
  // Records that were left out, by ToString(RecordProblem).
  std::map<std::string, uint64_t> skipped;
  // "feed: file: what is wrong" of the first of those of each feed.
  std::vector<std::string> examples;
  std::vector<FeedState> feeds;
};
BuildReport MakeReport(std::vector<FeedState> feeds);

// Between the looking at feeds and the database, and before that gets its name.
inline constexpr std::string_view kFeedsReadFailpoint = "advisory/feeds-read";
inline constexpr std::string_view kDatabaseWrittenFailpoint =
    "advisory/database-written";

struct BuildOptions {
  FeedLimits limits;
  FetchOptions fetch;
  // A feed that fails makes all fail. Otherwise its last good content is used,
  // and only that there is no content at all is an error.
  bool every_feed = true;
  // Do not look at URLs: use what was fetched before.
  bool offline = false;
};

struct BuiltAdvisories {
  std::unique_ptr<AdvisoryDb> db;
  BuildReport report;
  bool reused = false;  // it was there already
};

// Keeps the databases of feeds in a directory: `feeds/` has the last good
// content of each, and the databases are named after what they were made of.
// One is built under another name first, so whoever opens one has a whole one;
// of those that are there only the newest few are kept. Any number of processes
// may do this at once: they take turns.
class AdvisoryBuilder {
 public:
  // Both outlive it.
  AdvisoryBuilder(std::string directory, BuildOptions options,
                  base::Clock& clock, base::Failpoints& failpoints)
      : directory_(std::move(directory)),
        options_(std::move(options)),
        clock_(clock),
        failpoints_(failpoints) {}

  // Looks at the feeds, and gives the database of what they hold now.
  absl::StatusOr<BuiltAdvisories> Build(const std::vector<FeedSpec>& feeds);

 private:
  absl::StatusOr<std::vector<FeedState>> LookAt(
      const std::vector<FeedSpec>& feeds, FeedCache& cache);

  const std::string directory_;
  const BuildOptions options_;
  base::Clock& clock_;
  base::Failpoints& failpoints_;
};

// Build, of feeds as ParseFeedSpecs reads them.
absl::StatusOr<BuiltAdvisories> BuildAdvisories(
    absl::Span<const std::string> feeds, const std::string& directory,
    const BuildOptions& options = {});

// Writes the database of these canonical streams to a new file; its version,
// which names the content: the digest of all of them as one stream.
absl::StatusOr<std::string> WriteDatabase(
    const std::vector<std::string>& streams, const std::string& report,
    const std::string& path);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_BUILD_H_
