#ifndef LANDWAITER_ANALYZER_ADVISORY_DEBIAN_RELEASES_H_
#define LANDWAITER_ANALYZER_ADVISORY_DEBIAN_RELEASES_H_

#include <string>
#include <string_view>

namespace landwaiter::analyzer::advisory {

// "Debian:12" of "bookworm", "Debian:4.0" of "etch", "Debian:sid" of "sid";
// empty for a codename that no release has.
std::string DebianEcosystem(std::string_view codename);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DEBIAN_RELEASES_H_
