#ifndef LANDWAITER_ANALYZER_DETECT_WOLFI_WOLFI_H_
#define LANDWAITER_ANALYZER_DETECT_WOLFI_WOLFI_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/detect/distribution.h"

namespace landwaiter::analyzer::detect {

// Wolfi, Chainguard and MinimOS: apk packages of rolling systems without
// releases, so the ecosystem is the name alone. Advisories name origins.
class Wolfi : public Distribution {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
  std::string_view package_type() const override { return "apk"; }
  Subject SubjectOf(const model::Package& package) const override;
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override;
  std::string FixCommand(const model::OsRelease& os,
                         const model::Package& package,
                         std::string_view fixed_version) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_WOLFI_WOLFI_H_
