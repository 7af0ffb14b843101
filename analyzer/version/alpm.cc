#include "analyzer/version/alpm.h"

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
  std::string_view rest = text;
  const std::string_view epoch = TakeWhile(rest, IsDigit);
  if (rest.starts_with(':')) {
    parts.epoch = epoch;
    text = rest.substr(1);
  }
  const size_t hyphen = text.rfind('-');
  parts.version = text.substr(0, hyphen);
  if (hyphen != text.npos) parts.release = text.substr(hyphen + 1);
  return parts;
}

bool IsSeparator(char c) { return !IsDigit(c) && !IsAlpha(c); }

// What is left of one side, against nothing: letters are a pre-release.
std::weak_ordering CompareRest(std::string_view rest) {
  if (rest.empty()) return std::weak_ordering::equivalent;
  return IsAlpha(rest.front()) ? std::weak_ordering::less
                               : std::weak_ordering::greater;
}

std::weak_ordering CompareSegments(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const size_t left = TakeWhile(a, IsSeparator).size();
    const size_t right = TakeWhile(b, IsSeparator).size();
    if (a.empty() || b.empty()) break;
    if (left != right) return left <=> right;
    const bool number = IsDigit(a.front());
    if (number != IsDigit(b.front())) {
      return number ? std::weak_ordering::greater : std::weak_ordering::less;
    }
    const std::weak_ordering order =
        number ? std::weak_ordering(CompareNumbers(TakeWhile(a, IsDigit),
                                                   TakeWhile(b, IsDigit)))
               : TakeWhile(a, IsAlpha) <=> TakeWhile(b, IsAlpha);
    if (order != 0) return order;
  }
  if (b.empty()) return CompareRest(a);
  return a.empty() ? 0 <=> CompareRest(b) : std::weak_ordering::equivalent;
}

}  // namespace

std::weak_ordering CompareAlpm(std::string_view a, std::string_view b) {
  const Parts left = SplitVersion(a), right = SplitVersion(b);
  if (const auto order = CompareNumbers(left.epoch, right.epoch); order != 0) {
    return order;
  }
  const auto order = CompareSegments(left.version, right.version);
  if (order != 0 || !left.release || !right.release) return order;
  return CompareSegments(*left.release, *right.release);
}

}  // namespace landwaiter::analyzer::version
