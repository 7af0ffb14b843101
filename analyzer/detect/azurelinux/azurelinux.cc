#include "analyzer/detect/azurelinux/azurelinux.h"

#include "analyzer/detect/source_package.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {

std::optional<Target> AzureLinux::TargetOf(
    const model::Inventory& inventory) const {
  const std::string& id = inventory.os.id;
  if (id != "azurelinux" && id != "mariner") return std::nullopt;
  const std::string ecosystem =
      base::StrCat("Azure Linux:", MajorVersion(inventory.os.version_id));
  return Target{ecosystem, {ecosystem}};
}

Subject AzureLinux::SubjectOf(const model::Package& package) const {
  return SourceOf(package);
}

std::string AzureLinux::FixCommand(const model::OsRelease&,
                                   const model::Package& package,
                                   std::string_view fixed_version) const {
  return base::StrCat("tdnf upgrade ", package.name, "-", fixed_version);
}

}  // namespace landwaiter::analyzer::detect
