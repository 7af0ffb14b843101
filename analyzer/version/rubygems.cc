#include "analyzer/version/rubygems.h"

#include <algorithm>
#include <vector>

#include "analyzer/version/digits.h"

namespace landwaiter::analyzer::version {
namespace {

using Segments = std::vector<std::string_view>;

bool IsWord(std::string_view segment) { return IsAlpha(segment.front()); }

void DropTrailingZeros(Segments& segments, size_t from) {
  while (segments.size() > from && !IsWord(segments.back()) &&
         CompareNumbers(segments.back(), "0") == 0) {
    segments.pop_back();
  }
}

// Gem::Version#canonical_segments.
Segments Split(std::string_view text) {
  Segments segments;
  size_t words_from = 0;
  bool word_seen = false;
  const auto add = [&](std::string_view segment) {
    if (IsWord(segment) && !word_seen) {
      word_seen = true;
      DropTrailingZeros(segments, 0);
      words_from = segments.size();
    }
    segments.push_back(segment);
  };
  while (!text.empty()) {
    if (IsDigit(text.front())) {
      add(TakeWhile(text, IsDigit));
    } else if (IsAlpha(text.front())) {
      add(TakeWhile(text, IsAlpha));
    } else {
      if (text.front() == '-') add("pre");
      text.remove_prefix(1);
    }
  }
  DropTrailingZeros(segments, words_from);
  return segments;
}

std::weak_ordering CompareSegments(std::string_view a, std::string_view b) {
  const bool word = IsWord(a);
  if (word != IsWord(b)) {
    return word ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return word ? std::weak_ordering(a <=> b) : CompareNumbers(a, b);
}

}  // namespace

std::weak_ordering CompareRubygems(std::string_view a, std::string_view b) {
  const Segments left = Split(a), right = Split(b);
  const auto at = [](const Segments& segments, size_t i) {
    return i < segments.size() ? segments[i] : std::string_view("0");
  };
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const auto order = CompareSegments(at(left, i), at(right, i));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace landwaiter::analyzer::version
