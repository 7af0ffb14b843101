#ifndef LANDWAITER_ANALYZER_VERSION_RPM_H_
#define LANDWAITER_ANALYZER_VERSION_RPM_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of rpm's [epoch:]version[-release], as rpm-version(7) describes
// it: the epoch first (none is 0), then version and release, each by
// CompareRpmSegments. A missing release sorts before any, even an empty one.
std::weak_ordering CompareRpm(std::string_view a, std::string_view b);

// rpmvercmp: the order of a version alone, or of a release alone. Runs of
// digits and of letters are compared in turn and all else separates; "~" sorts
// before the end ("1.0~rc1" < "1.0"), "^" after it but before anything else
// ("1.0" < "1.0^git1" < "1.0.1").
std::weak_ordering CompareRpmSegments(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_RPM_H_
