#ifndef LANDWAITER_ANALYZER_ADVISORY_ECOSYSTEM_H_
#define LANDWAITER_ANALYZER_ADVISORY_ECOSYSTEM_H_

#include <string>
#include <string_view>

namespace landwaiter::analyzer::advisory {

// The key under which the advisories of an OSV ecosystem are kept, so that a
// system finds all that are its own:
//   "Ubuntu:22.04:LTS"                        "Ubuntu:22.04"
//   "Ubuntu:Pro:16.04:LTS"                    "Ubuntu:Pro:16.04"
//   "Red Hat:enterprise_linux:8::baseos"      "Red Hat:8"
//   "Red Hat:rhel_eus:8.6::appstream"         "Red Hat:rhel_eus:8.6"
// (the Red Hat suffix is that of a CPE: product, version, update, edition).
// All others ("Debian:12", "Alpine:v3.18", "AlmaLinux:9") are their own.
std::string CanonicalEcosystem(std::string_view ecosystem);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ECOSYSTEM_H_
