#ifndef LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_JSON_H_
#define LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_JSON_H_

#include "absl/status/status.h"
#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// Reads the tracker's data/json (tracker.h): one advisory for each package of
// each CVE, as they come.
absl::Status ReadDebianTrackerJson(FeedFile& file, FeedSink& sink);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DEBIAN_TRACKER_JSON_H_
