#ifndef LANDWAITER_ANALYZER_VERSION_SEMVER_H_
#define LANDWAITER_ANALYZER_VERSION_SEMVER_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Semantic Versioning 2.0.0 (npm, Cargo, Hex, Swift and others),
// for any text: a "v" or "=" in front is left out, there may be any number of
// components (missing ones are 0), and what follows them without a hyphen is a
// pre-release too ("1.2.3beta"). Build metadata takes no part.
std::weak_ordering CompareSemver(std::string_view a, std::string_view b);

// The parts of a version; views into it.
struct SemverParts {
  std::string_view core;        // "1.2.3": digits and single dots
  std::string_view prerelease;  // "rc.1", without the hyphen
  std::string_view build;       // "sha.5", without the plus
};
SemverParts SplitSemver(std::string_view text);

// Numbers between dots; a missing one is 0.
std::weak_ordering CompareCores(std::string_view a, std::string_view b);
// SemVer 11.4: by identifiers between dots, numbers before words, and an
// additional identifier is more. An empty text has no identifier.
std::weak_ordering CompareIdentifiers(std::string_view a, std::string_view b);
// The same for pre-releases, where none at all is more than any.
std::weak_ordering ComparePrereleases(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_SEMVER_H_
