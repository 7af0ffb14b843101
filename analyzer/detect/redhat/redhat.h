#ifndef LANDWAITER_ANALYZER_DETECT_REDHAT_REDHAT_H_
#define LANDWAITER_ANALYZER_DETECT_REDHAT_REDHAT_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/distribution.h"

namespace landwaiter::analyzer::detect {

// RHEL and CentOS ("Red Hat:8"), AlmaLinux ("AlmaLinux:8"), Rocky Linux ("Rocky
// Linux:8") and Oracle Linux ("Oracle Linux:8" and, being a rebuild, "Red
// Hat:8"). Advisories name binary packages. A package of a module (dnf
// modularity) is compared only with fixes for its stream, and one of no module
// only with fixes outside of modules: versions of two streams say nothing of
// one another.
class RedHat : public Distribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
  std::string_view package_type() const override { return "rpm"; }
  Subject SubjectOf(const model::Package& package) const override;
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override;
  bool Concerns(const model::Package& package,
                const advisory::AffectedView& entry) const override;
  std::string FixCommand(const model::OsRelease& os,
                         const model::Package& package,
                         std::string_view fixed_version) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_REDHAT_REDHAT_H_
