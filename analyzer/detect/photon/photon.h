#ifndef LANDWAITER_ANALYZER_DETECT_PHOTON_PHOTON_H_
#define LANDWAITER_ANALYZER_DETECT_PHOTON_PHOTON_H_

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/rpm/rpm_distribution.h"

namespace landwaiter::analyzer::detect {

// Photon OS: "Photon OS:4.0".
class Photon : public RpmDistribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
  std::string FixCommand(const model::OsRelease& os,
                         const model::Package& package,
                         std::string_view fixed_version) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_PHOTON_PHOTON_H_
