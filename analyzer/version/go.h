#ifndef LANDWAITER_ANALYZER_VERSION_GO_H_
#define LANDWAITER_ANALYZER_VERSION_GO_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Go's modules (golang.org/x/mod/semver), pseudo-versions and
// "+incompatible" included, and of its toolchains (go/version): "v1.2.3",
// "1.22.1", "go1.21rc2". "rc2" is less than "rc10".
std::weak_ordering CompareGo(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_GO_H_
