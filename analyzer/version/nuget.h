#ifndef LANDWAITER_ANALYZER_VERSION_NUGET_H_
#define LANDWAITER_ANALYZER_VERSION_NUGET_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// NuGet's order (learn.microsoft.com/nuget/concepts/package-versioning): that
// of Semantic Versioning with up to four numbers, whatever the case of a
// pre-release.
std::weak_ordering CompareNuget(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_NUGET_H_
