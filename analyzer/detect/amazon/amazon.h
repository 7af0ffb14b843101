#ifndef LANDWAITER_ANALYZER_DETECT_AMAZON_AMAZON_H_
#define LANDWAITER_ANALYZER_DETECT_AMAZON_AMAZON_H_

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/rpm/rpm_distribution.h"

namespace landwaiter::analyzer::detect {

// Amazon Linux: "Amazon Linux:1" (2010.11 to 2018.03), ":2", ":2022", ":2023".
class Amazon : public RpmDistribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
  std::string FixCommand(const model::OsRelease& os,
                         const model::Package& package,
                         std::string_view fixed_version) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_AMAZON_AMAZON_H_
