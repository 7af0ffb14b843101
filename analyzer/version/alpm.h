#ifndef LANDWAITER_ANALYZER_VERSION_ALPM_H_
#define LANDWAITER_ANALYZER_VERSION_ALPM_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of pacman's [epoch:]version[-release] (vercmp(8)). Releases count
// only where both have one, as pacman has it: so "1.0-1" and "1.0-2" both equal
// "1.0", and texts with and without a release do not sort together. Nor do
// texts that begin or end with separators.
std::weak_ordering CompareAlpm(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_ALPM_H_
