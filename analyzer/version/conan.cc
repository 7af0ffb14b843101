#include "analyzer/version/conan.h"

#include <optional>
#include <string>

#include "analyzer/version/digits.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::version {
namespace {

struct Parts {
  std::string_view items;
  std::optional<std::string_view> prerelease;
  std::optional<std::string_view> build;
};

Parts SplitVersion(std::string_view text) {
  Parts parts;
  if (const size_t plus = text.find('+'); plus != text.npos) {
    parts.build = text.substr(plus + 1);
    text = text.substr(0, plus);
  }
  if (const size_t hyphen = text.find('-'); hyphen != text.npos) {
    parts.prerelease = text.substr(hyphen + 1);
    text = text.substr(0, hyphen);
  }
  parts.items = text;
  return parts;
}

std::string_view TakeItem(std::string_view& text) {
  const size_t dot = text.find('.');
  const std::string_view item = text.substr(0, dot);
  text.remove_prefix(dot == text.npos ? text.size() : dot + 1);
  return item;
}

std::weak_ordering CompareItem(std::string_view a, std::string_view b) {
  if (a.empty()) a = "0";
  if (b.empty()) b = "0";
  if (IsDigit(a.front()) != IsDigit(b.front())) {
    return IsDigit(b.front()) <=> IsDigit(a.front());
  }
  const auto order =
      CompareNumbers(TakeWhile(a, IsDigit), TakeWhile(b, IsDigit));
  return order != 0 ? std::weak_ordering(order) : a <=> b;
}

std::weak_ordering CompareItems(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const auto order = CompareItem(TakeItem(a), TakeItem(b));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace

std::weak_ordering CompareConan(std::string_view a, std::string_view b) {
  const std::string lower_a = base::ToLower(a), lower_b = base::ToLower(b);
  const Parts left = SplitVersion(lower_a), right = SplitVersion(lower_b);
  if (const auto order = CompareItems(left.items, right.items); order != 0) {
    return order;
  }
  if (left.prerelease.has_value() != right.prerelease.has_value()) {
    return right.prerelease.has_value() <=> left.prerelease.has_value();
  }
  if (left.prerelease) {
    const auto order = CompareItems(*left.prerelease, *right.prerelease);
    if (order != 0) return order;
  }
  if (left.build.has_value() != right.build.has_value()) {
    return left.build.has_value() <=> right.build.has_value();
  }
  if (!left.build) return std::weak_ordering::equivalent;
  return CompareItems(*left.build, *right.build);
}

}  // namespace landwaiter::analyzer::version
