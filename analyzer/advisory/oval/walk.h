#ifndef LANDWAITER_ANALYZER_ADVISORY_OVAL_WALK_H_
#define LANDWAITER_ANALYZER_ADVISORY_OVAL_WALK_H_

#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "analyzer/advisory/oval/definition.h"
#include "analyzer/advisory/oval/facts.h"

namespace landwaiter::analyzer::advisory {

// A package that a definition is about, and under which conditions: all of the
// groups must hold, of each group one comment ("Oracle Linux 8 is installed").
struct OvalClause {
  OvalFact fact;
  std::string_view comment;  // the criterion's own; empty if it is usual
  std::string_view after;    // only versions after this one; empty: all
  std::vector<std::vector<std::string_view>> conditions;
};

// Whether it is about a package's version.
bool IsVersionFact(const OvalFact& fact);

// Tells each package of the definition. `is_package` says of a criterion
// whether it is one, or a condition for others.
using IsOvalPackage =
    absl::FunctionRef<bool(const OvalFact&, std::string_view comment)>;
void WalkOval(const OvalCriteria& criteria, const OvalFacts& facts,
              IsOvalPackage is_package,
              absl::FunctionRef<void(const OvalClause&)> tell);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OVAL_WALK_H_
