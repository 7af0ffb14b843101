#ifndef LANDWAITER_ANALYZER_VERSION_DIGITS_H_
#define LANDWAITER_ANALYZER_VERSION_DIGITS_H_

#include <compare>
#include <string_view>

// What the orderings share: ASCII classes without locale, and numbers of any
// length.
namespace landwaiter::analyzer::version {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
inline bool IsAlpha(char c) { return IsLower(c) || (c >= 'A' && c <= 'Z'); }

// Cuts the longest prefix of characters that satisfy `is` off `text`.
template <typename Is>
std::string_view TakeWhile(std::string_view& text, Is is) {
  size_t end = 0;
  while (end < text.size() && is(text[end])) ++end;
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}

// Compares two runs of digits as numbers; an empty one is 0.
inline std::strong_ordering CompareNumbers(std::string_view a,
                                           std::string_view b) {
  const auto is_zero = [](char c) { return c == '0'; };
  TakeWhile(a, is_zero);
  TakeWhile(b, is_zero);
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_DIGITS_H_
