#ifndef LANDWAITER_ANALYZER_VERSION_RUBYGEMS_H_
#define LANDWAITER_ANALYZER_VERSION_RUBYGEMS_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Gem::Version: runs of digits and of letters, where a hyphen
// begins a pre-release, a word is less than a number, and zeros before a word
// and at the end do not count. A platform behind the version ("1.9.25-java")
// has to be cut off before.
std::weak_ordering CompareRubygems(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_RUBYGEMS_H_
