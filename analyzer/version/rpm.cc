#include "analyzer/version/rpm.h"

#include <algorithm>
#include <optional>

#include "analyzer/version/digits.h"

namespace landwaiter::analyzer::version {
namespace {

struct Parts {
  std::string_view epoch;
  std::string_view version;
  std::optional<std::string_view> release;
};

Parts SplitVersion(std::string_view text) {
  Parts parts;
  const size_t colon = text.find(':');
  if (colon != text.npos) {
    const std::string_view epoch = text.substr(0, colon);
    if (std::all_of(epoch.begin(), epoch.end(), IsDigit)) {
      parts.epoch = epoch;
      text.remove_prefix(colon + 1);
    }
  }
  const size_t hyphen = text.rfind('-');
  parts.version = text.substr(0, hyphen);
  if (hyphen != text.npos) parts.release = text.substr(hyphen + 1);
  return parts;
}

bool IsSeparator(char c) {
  return !IsDigit(c) && !IsAlpha(c) && c != '~' && c != '^';
}

bool StartsWith(std::string_view text, char c) {
  return !text.empty() && text.front() == c;
}

// Decides by the marks at the front, if either side has one: nullopt with both
// unchanged if neither has, equivalent with both consumed if both have the
// same.
std::optional<std::weak_ordering> CompareMarks(std::string_view& a,
                                               std::string_view& b) {
  for (const char mark : {'~', '^'}) {
    const bool in_a = StartsWith(a, mark), in_b = StartsWith(b, mark);
    if (!in_a && !in_b) continue;
    if (in_a && in_b) {
      a.remove_prefix(1);
      b.remove_prefix(1);
      return std::weak_ordering::equivalent;
    }
    // A caret is more than the end and less than anything else.
    const std::string_view other = in_a ? b : a;
    const bool mark_is_less = mark == '~' || !other.empty();
    return in_a == mark_is_less ? std::weak_ordering::less
                                : std::weak_ordering::greater;
  }
  return std::nullopt;
}

// Compares the runs at the front, of the kind that `a` starts with, and
// consumes them. REQUIRES: neither side is empty.
std::weak_ordering CompareRuns(std::string_view& a, std::string_view& b) {
  const bool number = IsDigit(a.front());
  if (number != IsDigit(b.front())) {
    // A number is newer than letters.
    return number ? std::weak_ordering::greater : std::weak_ordering::less;
  }
  if (number) {
    return CompareNumbers(TakeWhile(a, IsDigit), TakeWhile(b, IsDigit));
  }
  return TakeWhile(a, IsAlpha) <=> TakeWhile(b, IsAlpha);
}

}  // namespace

std::weak_ordering CompareRpmSegments(std::string_view a, std::string_view b) {
  while (true) {
    TakeWhile(a, IsSeparator);
    TakeWhile(b, IsSeparator);
    if (const auto marks = CompareMarks(a, b)) {
      if (*marks != 0) return *marks;
      continue;
    }
    // What is left on one side is newer.
    if (a.empty() || b.empty()) return !a.empty() <=> !b.empty();
    if (const auto order = CompareRuns(a, b); order != 0) return order;
  }
}

std::weak_ordering CompareRpm(std::string_view a, std::string_view b) {
  const Parts left = SplitVersion(a), right = SplitVersion(b);
  if (const auto order = CompareNumbers(left.epoch, right.epoch); order != 0) {
    return order;
  }
  if (const auto order = CompareRpmSegments(left.version, right.version);
      order != 0) {
    return order;
  }
  if (!left.release || !right.release) {
    return left.release.has_value() <=> right.release.has_value();
  }
  return CompareRpmSegments(*left.release, *right.release);
}

}  // namespace landwaiter::analyzer::version
