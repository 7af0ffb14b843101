#ifndef LANDWAITER_ANALYZER_DETECT_RANGE_H_
#define LANDWAITER_ANALYZER_DETECT_RANGE_H_

#include <compare>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "analyzer/advisory/advisory.h"

namespace landwaiter::analyzer::detect {

using Compare =
    absl::FunctionRef<std::weak_ordering(std::string_view, std::string_view)>;

struct Verdict {
  bool affected = false;
  // The least version that fixes what the version at hand is affected by;
  // empty if there is none. Points into the entry.
  std::string_view fixed;
  // The part of the range that the version lies in, for people; empty if the
  // version is listed. `last` is the end where that is not a fix.
  std::string_view introduced, last;
};

// Whether the entry says that `version` is affected: OSV schema, "Evaluation".
// Listed versions are compared as texts, and by the order too where the entry
// has no range ("1.0" and "1.0.0").
Verdict Evaluate(const advisory::AffectedView& entry, std::string_view version,
                 Compare compare);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_RANGE_H_
