#include "analyzer/version/bitnami.h"

#include <algorithm>
#include <utility>

#include "analyzer/version/digits.h"
#include "analyzer/version/semver.h"

namespace landwaiter::analyzer::version {
namespace {

// The version without its revision, and that; an empty one is 0.
std::pair<std::string_view, std::string_view> Split(std::string_view text) {
  const size_t hyphen = text.rfind('-');
  if (hyphen == text.npos) return {text, ""};
  const std::string_view revision = text.substr(hyphen + 1);
  const bool number = !revision.empty() &&
                      std::all_of(revision.begin(), revision.end(), IsDigit);
  if (!number) return {text, ""};
  return {text.substr(0, hyphen), revision};
}

}  // namespace

std::weak_ordering CompareBitnami(std::string_view a, std::string_view b) {
  const auto [a_version, a_revision] = Split(a);
  const auto [b_version, b_revision] = Split(b);
  const std::weak_ordering versions = CompareSemver(a_version, b_version);
  return versions != 0 ? versions : CompareNumbers(a_revision, b_revision);
}

}  // namespace landwaiter::analyzer::version
