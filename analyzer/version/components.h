#ifndef LANDWAITER_ANALYZER_VERSION_COMPONENTS_H_
#define LANDWAITER_ANALYZER_VERSION_COMPONENTS_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of R's packages (compareVersion): numbers between dots and hyphens;
// an additional one is more, even a 0.
std::weak_ordering CompareCran(std::string_view a, std::string_view b);

// The order of Haskell's packages (Data.Version): the same between dots.
std::weak_ordering CompareHackage(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_COMPONENTS_H_
