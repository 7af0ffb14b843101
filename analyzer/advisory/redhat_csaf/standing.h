#ifndef LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_STANDING_H_
#define LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_STANDING_H_

#include <string_view>

#include "analyzer/advisory/advisory.h"

namespace landwaiter::analyzer::advisory {

// Of Red Hat's words for what it does about a flaw that is not fixed
// ("Fix deferred", "Will not fix", "Out of support scope"): CVE pages, VEX and
// OVAL have the same ones. kAffected for all others.
Standing RedHatStanding(std::string_view state);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_STANDING_H_
