#ifndef LANDWAITER_CORE_MODEL_ADVISORIES_H_
#define LANDWAITER_CORE_MODEL_ADVISORIES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/model/severity.h"

// What operator and analyzer tell one another about advisories
// (proto/landwaiter/v1/advisories.proto).
namespace landwaiter::model {

// A feed with its place, or its very content by file name.
struct AdvisorySource {
  std::string name, format, location;
  std::map<std::string, std::string> files;
  friend bool operator==(const AdvisorySource&,
                         const AdvisorySource&) = default;
};

struct AdvisorySettings {
  std::vector<AdvisorySource> sources;  // none: as the analyzer is configured
  absl::Duration interval = absl::Hours(24);
  bool offline = false;
  friend bool operator==(const AdvisorySettings&,
                         const AdvisorySettings&) = default;
};

// Times that are not known are InfinitePast.
struct FeedStatus {
  std::string name;
  uint64_t records = 0, advisories = 0, skipped = 0;
  absl::Time newest = absl::InfinitePast();  // record
  absl::Time updated = absl::InfinitePast();
  absl::Time checked = absl::InfinitePast();
  std::string error;  // of the last look; empty: none
};

struct NewlyAffected {
  std::string id;
  Severity severity = Severity::kUnknown;
  uint64_t images = 0;
  absl::Time since = absl::InfinitePast();
};

struct AdvisoriesStatus {
  std::string version;  // empty: there are none yet
  absl::Time updated = absl::InfinitePast();
  absl::Time next_update = absl::InfinitePast();
  std::string error;  // of the last update as a whole
  std::vector<FeedStatus> feeds;
  absl::Time rematched = absl::InfinitePast();
  uint64_t images = 0, changed = 0, appeared = 0, disappeared = 0;
  absl::Duration duration;
  std::vector<NewlyAffected> newly_affected;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_ADVISORIES_H_
