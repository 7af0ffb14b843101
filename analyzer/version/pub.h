#ifndef LANDWAITER_ANALYZER_VERSION_PUB_H_
#define LANDWAITER_ANALYZER_VERSION_PUB_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// Dart's order (pub_semver): that of Semantic Versioning, and then by build
// metadata, where none is less than any.
std::weak_ordering ComparePub(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_PUB_H_
