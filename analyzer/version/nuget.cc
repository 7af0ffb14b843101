#include "analyzer/version/nuget.h"

#include "analyzer/version/semver.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::version {

std::weak_ordering CompareNuget(std::string_view a, std::string_view b) {
  return CompareSemver(base::ToLower(a), base::ToLower(b));
}

}  // namespace landwaiter::analyzer::version
