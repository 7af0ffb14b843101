#ifndef LANDWAITER_ANALYZER_VERSION_MAVEN_H_
#define LANDWAITER_ANALYZER_VERSION_MAVEN_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// The order of Maven's ComparableVersion (maven-artifact 3.8; "Version Order
// Specification" of its POM reference): numbers and qualifiers between dots,
// hyphens and changes from letters to digits, where a hyphen and such a change
// begin a list within the list, and trailing zeros and empty qualifiers of each
// list do not count.
//
//   alpha < beta < milestone < rc = cr < snapshot < "" = final = ga = release
//   < sp < other qualifiers < a list < a number
//
// A zero in the middle counts as a number, and as nothing where there is
// nothing to compare it with: so, as Maven's own, this is no order for odd
// texts ("1-.x" < "1.0.rc" < "1" < "1-.x").
//
// "a", "b" and "m" right before a digit stand for alpha, beta and milestone.
std::weak_ordering CompareMaven(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_MAVEN_H_
