#ifndef LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_RED_HAT_H_
#define LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_RED_HAT_H_

#include <string>
#include <string_view>

#include "analyzer/advisory/advisory.h"

namespace landwaiter::analyzer::advisory {

// Of Red Hat's words for what it does about a flaw that is not fixed
// ("Fix deferred", "Will not fix", "Out of support scope"): CVE pages, VEX and
// OVAL have the same ones. kAffected for all others.
Standing RedHatStanding(std::string_view state);

// Where a product's advisories are looked up, as OSV's canonical ecosystems
// have it: "Red Hat:8" of "cpe:/a:redhat:enterprise_linux:8::appstream",
// "Red Hat:rhel_eus:8.6" of "cpe:/o:redhat:rhel_eus:8.6::baseos"; empty for
// what is not Red Hat's.
std::string RedHatEcosystem(std::string_view cpe);
// Whether it is that of a main release.
bool IsMainRelease(std::string_view ecosystem);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_REDHAT_CSAF_RED_HAT_H_
