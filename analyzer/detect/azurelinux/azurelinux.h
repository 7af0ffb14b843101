#ifndef LANDWAITER_ANALYZER_DETECT_AZURELINUX_AZURELINUX_H_
#define LANDWAITER_ANALYZER_DETECT_AZURELINUX_AZURELINUX_H_

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/rpm/rpm_distribution.h"

namespace landwaiter::analyzer::detect {

// Azure Linux, once CBL-Mariner: "Azure Linux:2". Advisories name source
// packages.
class AzureLinux : public RpmDistribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
  Subject SubjectOf(const model::Package& package) const override;
  std::string FixCommand(const model::OsRelease& os,
                         const model::Package& package,
                         std::string_view fixed_version) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_AZURELINUX_AZURELINUX_H_
