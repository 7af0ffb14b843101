#ifndef LANDWAITER_ANALYZER_VERSION_DPKG_H_
#define LANDWAITER_ANALYZER_VERSION_DPKG_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Debian package versions, [epoch:]upstream[-revision], as
// deb-version(7) and Debian Policy 5.6.12 define it. Total: text that dpkg
// would refuse is ordered by the same rules, an epoch that is no number being
// part of the upstream version.
std::weak_ordering CompareDpkg(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_DPKG_H_
