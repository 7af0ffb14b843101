#ifndef LANDWAITER_ANALYZER_DETECT_SUSE_SUSE_H_
#define LANDWAITER_ANALYZER_DETECT_SUSE_SUSE_H_

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/rpm/rpm_distribution.h"

namespace landwaiter::analyzer::detect {

// SUSE Linux Enterprise of all editions ("SUSE:Linux Enterprise Server 15
// SP5"), SLE Micro ("SUSE:Linux Enterprise Micro 5.5", "SUSE:Linux Micro 6.0"),
// openSUSE Leap ("openSUSE:Leap 15.5") and Tumbleweed ("openSUSE:Tumbleweed").
class Suse : public RpmDistribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
  std::string FixCommand(const model::OsRelease& os,
                         const model::Package& package,
                         std::string_view fixed_version) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_SUSE_SUSE_H_
