#ifndef LANDWAITER_ANALYZER_VERSION_PACKAGIST_H_
#define LANDWAITER_ANALYZER_VERSION_PACKAGIST_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Composer's packages: PHP's version_compare, whatever a "v" in
// front. Runs of digits and of letters, where
// any other word < dev < alpha = a < beta = b < RC = rc < nothing, a number <
// pl = p; an additional number is more, even a 0.
std::weak_ordering ComparePackagist(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_PACKAGIST_H_
