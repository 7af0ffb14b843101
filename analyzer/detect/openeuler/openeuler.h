#ifndef LANDWAITER_ANALYZER_DETECT_OPENEULER_OPENEULER_H_
#define LANDWAITER_ANALYZER_DETECT_OPENEULER_OPENEULER_H_

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/rpm/rpm_distribution.h"

namespace landwaiter::analyzer::detect {

// openEuler: "openEuler:22.03-LTS-SP1".
class OpenEuler : public RpmDistribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_OPENEULER_OPENEULER_H_
