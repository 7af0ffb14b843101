#include "analyzer/version/components.h"

#include <algorithm>

#include "analyzer/version/digits.h"

namespace landwaiter::analyzer::version {
namespace {

std::string_view TakeComponent(std::string_view& text,
                               std::string_view separators) {
  const size_t end = text.find_first_of(separators);
  const std::string_view component = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return component;
}

// A number, and what should not be behind it.
std::weak_ordering CompareComponent(std::string_view a, std::string_view b) {
  const auto order =
      CompareNumbers(TakeWhile(a, IsDigit), TakeWhile(b, IsDigit));
  return order != 0 ? std::weak_ordering(order) : a <=> b;
}

std::weak_ordering CompareComponents(std::string_view a, std::string_view b,
                                     std::string_view separators) {
  while (!a.empty() && !b.empty()) {
    const auto order = CompareComponent(TakeComponent(a, separators),
                                        TakeComponent(b, separators));
    if (order != 0) return order;
  }
  return !a.empty() <=> !b.empty();
}

}  // namespace

std::weak_ordering CompareCran(std::string_view a, std::string_view b) {
  return CompareComponents(a, b, ".-");
}

std::weak_ordering CompareHackage(std::string_view a, std::string_view b) {
  return CompareComponents(a, b, ".");
}

}  // namespace landwaiter::analyzer::version
