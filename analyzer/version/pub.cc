#include "analyzer/version/pub.h"

#include "analyzer/version/semver.h"

namespace landwaiter::analyzer::version {

std::weak_ordering ComparePub(std::string_view a, std::string_view b) {
  if (const auto order = CompareSemver(a, b); order != 0) return order;
  return CompareIdentifiers(SplitSemver(a).build, SplitSemver(b).build);
}

}  // namespace landwaiter::analyzer::version
