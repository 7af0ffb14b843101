#include "analyzer/detect/fedora/fedora.h"

#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {

std::optional<Target> Fedora::TargetOf(
    const model::Inventory& inventory) const {
  if (inventory.os.id != "fedora") return std::nullopt;
  const std::string ecosystem =
      base::StrCat("Fedora:", inventory.os.version_id);
  return Target{ecosystem, {ecosystem}};
}

}  // namespace landwaiter::analyzer::detect
