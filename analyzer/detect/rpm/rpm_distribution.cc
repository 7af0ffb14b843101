#include "analyzer/detect/rpm/rpm_distribution.h"

#include "analyzer/version/rpm.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {

Subject RpmDistribution::SubjectOf(const model::Package& package) const {
  return {package.name, package.version};
}

std::weak_ordering RpmDistribution::Compare(std::string_view a,
                                            std::string_view b) const {
  return version::CompareRpm(a, b);
}

std::string RpmDistribution::FixCommand(const model::OsRelease&,
                                        const model::Package& package,
                                        std::string_view fixed_version) const {
  return base::StrCat("dnf upgrade ", package.name, "-", fixed_version);
}

}  // namespace landwaiter::analyzer::detect
