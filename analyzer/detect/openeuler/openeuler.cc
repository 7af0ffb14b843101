#include "analyzer/detect/openeuler/openeuler.h"

#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

// VERSION is "22.03 (LTS-SP1)", which the inventory has as the codename
// "LTS-SP1", or not at all.
std::string ReleaseOf(const model::OsRelease& os) {
  if (os.codename.empty()) return os.version_id;
  return base::StrCat(os.version_id, "-", os.codename);
}

}  // namespace

std::optional<Target> OpenEuler::TargetOf(
    const model::Inventory& inventory) const {
  if (!base::EqualsIgnoreCase(inventory.os.id, "openeuler")) {
    return std::nullopt;
  }
  const std::string ecosystem =
      base::StrCat("openEuler:", ReleaseOf(inventory.os));
  return Target{ecosystem, {ecosystem}};
}

}  // namespace landwaiter::analyzer::detect
