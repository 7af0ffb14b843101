#ifndef LANDWAITER_ANALYZER_DETECT_DEBIAN_DEBIAN_H_
#define LANDWAITER_ANALYZER_DETECT_DEBIAN_DEBIAN_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/distribution.h"

namespace landwaiter::analyzer::detect {

// Debian: "Debian:12". Advisories (DSA, DLA, DEBIAN-CVE) name source packages.
// A release is told by its version or, where os-release has none, its codename;
// sid has no advisories of its own.
class Debian : public Distribution {
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

#endif  // LANDWAITER_ANALYZER_DETECT_DEBIAN_DEBIAN_H_
