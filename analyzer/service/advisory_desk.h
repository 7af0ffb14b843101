#ifndef LANDWAITER_ANALYZER_SERVICE_ADVISORY_DESK_H_
#define LANDWAITER_ANALYZER_SERVICE_ADVISORY_DESK_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "analyzer/advisory/feed_cache.h"
#include "analyzer/queue/image_query.h"
#include "analyzer/queue/rematch.h"

namespace landwaiter::analyzer::service {

// A feed with its place, or its very content.
struct AdvisorySourceSpec {
  std::string name, format, location;
  std::map<std::string, std::string> files;
  friend bool operator==(const AdvisorySourceSpec&,
                         const AdvisorySourceSpec&) = default;
};

// Which feeds are used, and how often they are looked at.
struct AdvisorySettings {
  std::vector<AdvisorySourceSpec> sources;
  absl::Duration interval = absl::Hours(24);
  bool offline = false;
  friend bool operator==(const AdvisorySettings&,
                         const AdvisorySettings&) = default;
};

struct RematchReport {
  queue::RematchResult result;
  absl::Duration duration;
  absl::Time time = absl::InfinitePast();  // there was none
};

// How the advisories are.
struct AdvisoryOverview {
  std::string version;  // empty: there are none yet
  absl::Time updated = absl::InfinitePast();
  absl::Time next_update = absl::InfinitePast();
  std::string error;  // of the last update as a whole
  std::vector<advisory::FeedState> feeds;
  RematchReport rematch;
  std::vector<store::NewlyAffected> newly_affected;
};

// What controllers ask about advisories. Thread-safe.
class AdvisoryDesk {
 public:
  virtual ~AdvisoryDesk() = default;
  // INVALID_ARGUMENT for a format or place that cannot be.
  virtual absl::Status Apply(const AdvisorySettings& settings) = 0;
  virtual absl::StatusOr<AdvisoryOverview> Overview() = 0;
  virtual absl::StatusOr<queue::ImageQueryPage> Query(
      const queue::ImageQuery& query) = 0;
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_ADVISORY_DESK_H_
