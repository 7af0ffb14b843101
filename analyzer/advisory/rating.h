#ifndef LANDWAITER_ANALYZER_ADVISORY_RATING_H_
#define LANDWAITER_ANALYZER_ADVISORY_RATING_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/model/severity.h"

namespace landwaiter::analyzer::advisory {

// A member of an OSV record's `severity`.
struct SeverityEntry {
  std::string type;   // "CVSS_V3", "Ubuntu"
  std::string score;  // a vector, or a word
};

// The rating of the entries: a distribution's word before the vectors, the
// newest version of CVSS before the older, the worst of equals.
model::Severity Rate(const std::vector<SeverityEntry>& entries);

// A distribution's word: also Debian's "low**", "not yet assigned".
model::Severity RateWord(std::string_view word);

// The word in front of an erratum's summary, "Important: kernel update".
model::Severity RateSummary(std::string_view summary);

// The module streams that a summary names: "Moderate: nodejs:14 and
// nodejs-devel:14 security update" has two.
std::vector<std::string> ModulesOfSummary(std::string_view summary);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_RATING_H_
