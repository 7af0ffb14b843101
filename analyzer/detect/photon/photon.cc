#include "analyzer/detect/photon/photon.h"

#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {

std::optional<Target> Photon::TargetOf(
    const model::Inventory& inventory) const {
  if (inventory.os.id != "photon") return std::nullopt;
  const std::string& version = inventory.os.version_id;
  const std::string ecosystem = base::StrCat(
      "Photon OS:", version, base::Contains(version, ".") ? "" : ".0");
  return Target{ecosystem, {ecosystem}};
}

std::string Photon::FixCommand(const model::OsRelease&,
                               const model::Package& package,
                               std::string_view fixed_version) const {
  return base::StrCat("tdnf upgrade ", package.name, "-", fixed_version);
}

}  // namespace landwaiter::analyzer::detect
