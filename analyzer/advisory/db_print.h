#ifndef LANDWAITER_ANALYZER_ADVISORY_DB_PRINT_H_
#define LANDWAITER_ANALYZER_ADVISORY_DB_PRINT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/advisory/advisory_db.h"
#include "analyzer/advisory/diff.h"
#include "analyzer/advisory/feed_cache.h"

// What the `db` commands print, as a table for people or as JSON.
namespace landwaiter::analyzer::advisory {

// "3d", "5h", "2m" before `now`; "-" for a time that is not known.
std::string Ago(absl::Time time, absl::Time now);
// RFC 3339 or a date; InfinitePast for what is none.
absl::Time ParseFeedTime(const std::string& text);

std::string FeedsTable(const std::vector<FeedState>& feeds, absl::Time now);

absl::StatusOr<std::string> PrintInfo(const AdvisoryDb& db, absl::Time now,
                                      bool json);
std::string PrintDiff(const AdvisoryDb& before, const AdvisoryDb& after,
                      const Changes& changes, const AdvisoryChanges& advisories,
                      bool json);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DB_PRINT_H_
