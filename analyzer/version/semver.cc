#include "analyzer/version/semver.h"

#include <algorithm>

#include "analyzer/version/digits.h"

namespace landwaiter::analyzer::version {
namespace {

// Cuts the part in front of the first dot off `text`, and the dot.
std::string_view TakePart(std::string_view& text) {
  const size_t dot = text.find('.');
  const std::string_view part = text.substr(0, dot);
  text.remove_prefix(dot == text.npos ? text.size() : dot + 1);
  return part;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

std::weak_ordering CompareIdentifier(std::string_view a, std::string_view b) {
  const bool number = IsNumber(a);
  if (number != IsNumber(b)) {
    return number ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return number ? std::weak_ordering(CompareNumbers(a, b)) : a <=> b;
}

// The length of numbers with single dots between them.
size_t CoreLength(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && IsDigit(text[end])) {
    while (end < text.size() && IsDigit(text[end])) ++end;
    const bool more =
        end + 1 < text.size() && text[end] == '.' && IsDigit(text[end + 1]);
    if (!more) break;
    ++end;
  }
  return end;
}

}  // namespace

SemverParts SplitSemver(std::string_view text) {
  TakeWhile(text, [](char c) { return c == ' ' || c == '='; });
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  SemverParts parts;
  parts.core = text.substr(0, CoreLength(text));
  text.remove_prefix(parts.core.size());
  const size_t plus = text.find('+');
  if (plus != text.npos) {
    parts.build = text.substr(plus + 1);
    text = text.substr(0, plus);
  }
  if (text.starts_with('-') || text.starts_with('.')) text.remove_prefix(1);
  parts.prerelease = text;
  return parts;
}

std::weak_ordering CompareCores(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const auto order = CompareNumbers(TakePart(a), TakePart(b));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering CompareIdentifiers(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const auto order = CompareIdentifier(TakePart(a), TakePart(b));
    if (order != 0) return order;
  }
  return !a.empty() <=> !b.empty();
}

std::weak_ordering ComparePrereleases(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() <=> b.empty();
  return CompareIdentifiers(a, b);
}

std::weak_ordering CompareSemver(std::string_view a, std::string_view b) {
  const SemverParts left = SplitSemver(a), right = SplitSemver(b);
  if (const auto order = CompareCores(left.core, right.core); order != 0) {
    return order;
  }
  return ComparePrereleases(left.prerelease, right.prerelease);
}

}  // namespace landwaiter::analyzer::version
