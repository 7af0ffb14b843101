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
//   "SUSE:Linux Enterprise Module for Basesystem 15 SP5"
//                                   "SUSE:Linux Enterprise Server 15 SP5"
//   "Maven:https://maven.google.com"          "Maven"
//   "Packagist:https://packages.drupal.org/8" "Packagist"
//   "bitnami"                                 "Bitnami"
// (the Red Hat suffix is that of a CPE: product, version, update, edition).
// All others ("Debian:12", "Alpine:v3.18", "AlmaLinux:9") are their own.
std::string CanonicalEcosystem(std::string_view ecosystem);

// The name under which the advisories of a package are kept, `ecosystem` being
// canonical: where the registry takes several spellings for one package, this
// is the one. PyPI normalised (PEP 503), NuGet, Packagist and GitHub Actions
// in lower case, SwiftURL too and without scheme and ".git".
std::string CanonicalPackage(std::string_view ecosystem, std::string_view name);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ECOSYSTEM_H_
