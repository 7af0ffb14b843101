#ifndef LANDWAITER_ANALYZER_DETECT_FEDORA_FEDORA_H_
#define LANDWAITER_ANALYZER_DETECT_FEDORA_FEDORA_H_

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/rpm/rpm_distribution.h"

namespace landwaiter::analyzer::detect {

// Fedora: "Fedora:40".
class Fedora : public RpmDistribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_FEDORA_FEDORA_H_
