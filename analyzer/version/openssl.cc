#include "analyzer/version/openssl.h"

#include "analyzer/version/digits.h"
#include "analyzer/version/semver.h"

namespace landwaiter::analyzer::version {
namespace {

struct Parts {
  std::string_view core;
  std::string_view patch;  // letters
  std::string_view prerelease;
};

Parts SplitVersion(std::string_view text) {
  Parts parts;
  parts.core = SplitSemver(text).core;
  text.remove_prefix(static_cast<size_t>(parts.core.data() - text.data()) +
                     parts.core.size());
  parts.patch = TakeWhile(text, IsLower);
  if (text.starts_with('-')) text.remove_prefix(1);
  parts.prerelease = text;
  return parts;
}

// "beta2" and "beta10": a word and a number.
std::weak_ordering ComparePrerelease(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() <=> b.empty();
  const auto order = TakeWhile(a, IsLower) <=> TakeWhile(b, IsLower);
  if (order != 0) return order;
  const auto number =
      CompareNumbers(TakeWhile(a, IsDigit), TakeWhile(b, IsDigit));
  return number != 0 ? std::weak_ordering(number) : a <=> b;
}

}  // namespace

std::weak_ordering CompareOpenssl(std::string_view a, std::string_view b) {
  const Parts left = SplitVersion(a), right = SplitVersion(b);
  if (const auto order = CompareCores(left.core, right.core); order != 0) {
    return order;
  }
  if (const auto order = left.patch <=> right.patch; order != 0) return order;
  return ComparePrerelease(left.prerelease, right.prerelease);
}

}  // namespace landwaiter::analyzer::version
