#ifndef LANDWAITER_ANALYZER_ADVISORY_DIFF_H_
#define LANDWAITER_ANALYZER_ADVISORY_DIFF_H_

#include <compare>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory_db.h"

namespace landwaiter::analyzer::advisory {

// What a store is asked for: a package, or with an empty one whether the
// ecosystem is covered at all.
struct Lookup {
  std::string ecosystem;  // canonical
  std::string package;
  friend auto operator<=>(const Lookup&, const Lookup&) = default;
};

// What two databases answer differently; all lists are sorted, each item once.
struct Changes {
  std::vector<Lookup> lookups;
  // CVEs of which other things are known, their EPSS estimate apart: that is
  // another one every day, and decides nothing alone.
  std::vector<std::string> cves;
  friend bool operator==(const Changes&, const Changes&) = default;
};

// Memory grows with the number of packages of one database.
absl::StatusOr<Changes> CompareDatabases(const AdvisoryDb& before,
                                         const AdvisoryDb& after);

// Ids of the advisories that only one of them has, and of those that say
// something else; sorted.
struct AdvisoryChanges {
  std::vector<std::string> added, removed, changed;
};
absl::StatusOr<AdvisoryChanges> CompareAdvisories(const AdvisoryDb& before,
                                                  const AdvisoryDb& after);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DIFF_H_
