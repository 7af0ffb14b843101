#ifndef LANDWAITER_ANALYZER_ADVISORY_DIFF_H_
#define LANDWAITER_ANALYZER_ADVISORY_DIFF_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory_db.h"

namespace landwaiter::analyzer::advisory {

// Names of the packages that the two databases say different things of, in
// any ecosystem: sorted, each once. nullopt if they cover different
// ecosystems, since then images change that hold none of these (what had no
// advisory data has some now). Memory grows with the number of packages of
// one database.
absl::StatusOr<std::optional<std::vector<std::string>>> ChangedPackages(
    const AdvisoryDb& before, const AdvisoryDb& after);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DIFF_H_
