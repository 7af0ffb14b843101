#ifndef LANDWAITER_ANALYZER_VERSION_CONAN_H_
#define LANDWAITER_ANALYZER_VERSION_CONAN_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// Conan's order (docs.conan.io, "Version ranges"): items between dots, each a
// number with what follows it or a word, which is more than any number; zeros
// at the end do not count; a pre-release behind "-" is less than none, a build
// behind "+" more. Where Conan compares a number with a text ("20" with "1a")
// as texts, this compares the numbers in them, so that the order is one.
std::weak_ordering CompareConan(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_CONAN_H_
