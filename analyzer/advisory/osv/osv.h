#ifndef LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_H_
#define LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/advisory.h"
#include "analyzer/advisory/record_problem.h"

namespace landwaiter::analyzer::advisory {

struct OsvRecord {
  RecordProblem problem = RecordProblem::kNone;
  std::string message;     // with a problem: the field and what is wrong
  bool withdrawn = false;  // then `advisory` has the id alone
  Advisory advisory;
};

// Reads one record of the Open Source Vulnerability format, schema 1
// (https://ossf.github.io/osv-schema). Ranges of commits (GIT) are left out,
// and so is an affected entry without a package.
//
// The severity is the distribution's own word where there is one (severity of
// type "Ubuntu", Debian's urgency, "Important: ..." in front of a summary),
// else it comes from the newest CVSS vector. Aliases are `aliases` and
// `upstream`; CVEs in `related` count only where those and the id have none,
// since that is where errata list what they fix.
OsvRecord ParseOsv(std::string_view json);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OSV_OSV_H_
