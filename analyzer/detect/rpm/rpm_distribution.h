#ifndef LANDWAITER_ANALYZER_DETECT_RPM_RPM_DISTRIBUTION_H_
#define LANDWAITER_ANALYZER_DETECT_RPM_RPM_DISTRIBUTION_H_

#include <compare>
#include <string>
#include <string_view>

#include "analyzer/detect/distribution.h"

namespace landwaiter::analyzer::detect {

// What the systems with rpm packages share that are no family of Red Hat's.
// Their advisories name binary packages.
class RpmDistribution : public Distribution {
 public:
  std::string_view package_type() const override { return "rpm"; }
  Subject SubjectOf(const model::Package& package) const override;
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override;
  // "dnf upgrade NAME-VERSION".
  std::string FixCommand(const model::OsRelease& os,
                         const model::Package& package,
                         std::string_view fixed_version) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_RPM_RPM_DISTRIBUTION_H_
