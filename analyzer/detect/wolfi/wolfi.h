#ifndef LANDWAITER_ANALYZER_DETECT_WOLFI_WOLFI_H_
#define LANDWAITER_ANALYZER_DETECT_WOLFI_WOLFI_H_

#include <optional>

#include "analyzer/detect/alpine/alpine.h"

namespace landwaiter::analyzer::detect {

// Wolfi, Chainguard and MinimOS: apk packages of rolling systems without
// releases, so the ecosystem is the name alone. The rest is as in Alpine.
class Wolfi : public Alpine {
 public:
  std::optional<Target> TargetOf(
      const model::Inventory& inventory) const override;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_WOLFI_WOLFI_H_
