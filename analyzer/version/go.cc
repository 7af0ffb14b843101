#include "analyzer/version/go.h"

#include <algorithm>
#include <string>

#include "analyzer/version/digits.h"
#include "analyzer/version/semver.h"

namespace landwaiter::analyzer::version {
namespace {

SemverParts Split(std::string_view text) {
  if (text.starts_with("go")) text.remove_prefix(2);
  return SplitSemver(text);
}

// A toolchain's "rc2" as the identifiers "rc.2"; all else as it is.
std::string Prerelease(std::string_view text) {
  std::string_view number = text;
  const std::string_view word = TakeWhile(number, IsLower);
  const bool toolchain = !word.empty() && !number.empty() &&
                         std::all_of(number.begin(), number.end(), IsDigit);
  if (!toolchain) return std::string(text);
  std::string result(word);
  result += '.';
  result += number;
  return result;
}

}  // namespace

std::weak_ordering CompareGo(std::string_view a, std::string_view b) {
  const SemverParts left = Split(a), right = Split(b);
  if (const auto order = CompareCores(left.core, right.core); order != 0) {
    return order;
  }
  return ComparePrereleases(Prerelease(left.prerelease),
                            Prerelease(right.prerelease));
}

}  // namespace landwaiter::analyzer::version
