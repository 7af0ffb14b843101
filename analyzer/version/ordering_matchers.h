#ifndef LANDWAITER_ANALYZER_VERSION_ORDERING_MATCHERS_H_
#define LANDWAITER_ANALYZER_VERSION_ORDERING_MATCHERS_H_

#include <compare>
#include <string>
#include <string_view>

// For the tests of orderings.
namespace landwaiter::analyzer::version {

using Compare = std::weak_ordering (*)(std::string_view, std::string_view);

inline std::string Sign(std::weak_ordering order) {
  return order < 0 ? "<" : order > 0 ? ">" : "=";
}

// "<", "=" or ">"; "?" if the other way round does not give the opposite.
inline std::string Relation(Compare compare, std::string_view a,
                            std::string_view b) {
  const std::weak_ordering there = compare(a, b), back = compare(b, a);
  return there == 0 <=> back ? Sign(there) : "?";
}

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_ORDERING_MATCHERS_H_
