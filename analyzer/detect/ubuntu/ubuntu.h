#ifndef LANDWAITER_ANALYZER_DETECT_UBUNTU_UBUNTU_H_
#define LANDWAITER_ANALYZER_DETECT_UBUNTU_UBUNTU_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/distribution.h"

namespace landwaiter::analyzer::detect {

// Ubuntu: "Ubuntu:22.04:LTS". Advisories (UBUNTU-CVE, USN) name source
// packages. The advisories of Ubuntu Pro ("Ubuntu:Pro:...") count for images
// that hold packages of it, and go before the others.
class Ubuntu : public Distribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
  std::string_view package_type() const override { return "deb"; }
  Subject SubjectOf(const model::Package& package) const override;
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override;
  std::string FixCommand(const model::OsRelease& os,
                         const model::Package& package,
                         std::string_view fixed_version) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_UBUNTU_UBUNTU_H_
