#include "analyzer/version/packagist.h"

#include <utility>
#include <vector>

#include "analyzer/version/digits.h"

namespace landwaiter::analyzer::version {
namespace {

using Tokens = std::vector<std::string_view>;

constexpr int kNumber = 4;

// Words count by how they begin.
int FormOf(std::string_view token) {
  if (IsDigit(token.front())) return kNumber;
  constexpr std::pair<std::string_view, int> kForms[] = {
      {"dev", 0}, {"a", 1}, {"b", 2}, {"RC", 3}, {"rc", 3}, {"p", 5}};
  for (const auto& [name, form] : kForms) {
    if (token.starts_with(name)) return form;
  }
  return -1;
}

Tokens Split(std::string_view text) {
  Tokens tokens;
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  while (!text.empty()) {
    if (IsDigit(text.front())) {
      tokens.push_back(TakeWhile(text, IsDigit));
    } else if (IsAlpha(text.front())) {
      tokens.push_back(TakeWhile(text, IsAlpha));
    } else {
      text.remove_prefix(1);
    }
  }
  return tokens;
}

std::weak_ordering CompareTokens(std::string_view a, std::string_view b) {
  const int left = FormOf(a), right = FormOf(b);
  if (left == kNumber && right == kNumber) return CompareNumbers(a, b);
  return left <=> right;
}

// Against nothing.
std::weak_ordering CompareRest(std::string_view token) {
  const int form = FormOf(token);
  return form == kNumber ? std::weak_ordering::greater : form <=> kNumber;
}

}  // namespace

std::weak_ordering ComparePackagist(std::string_view a, std::string_view b) {
  const Tokens left = Split(a), right = Split(b);
  for (size_t i = 0; i < left.size() && i < right.size(); ++i) {
    const auto order = CompareTokens(left[i], right[i]);
    if (order != 0) return order;
  }
  if (left.size() > right.size()) return CompareRest(left[right.size()]);
  if (right.size() > left.size()) return 0 <=> CompareRest(right[left.size()]);
  return std::weak_ordering::equivalent;
}

}  // namespace landwaiter::analyzer::version
