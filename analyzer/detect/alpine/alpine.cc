#include "analyzer/detect/alpine/alpine.h"

#include "analyzer/detect/source_package.h"
#include "analyzer/version/apk.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {

std::optional<Target> Alpine::TargetOf(
    const model::Inventory& inventory) const {
  if (inventory.os.id != "alpine") return std::nullopt;
  const std::string_view version = inventory.os.version_id;
  // edge calls itself "3.21_alpha20240923", 3.21 being the next release.
  const bool edge = version == "edge" || base::Contains(version, "_alpha");
  std::string ecosystem =
      edge ? "Alpine:edge" : base::StrCat("Alpine:v", MinorVersion(version));
  return Target{ecosystem, {ecosystem, "Alpine"}};
}

Subject Alpine::SubjectOf(const model::Package& package) const {
  return SourceOf(package);
}

std::weak_ordering Alpine::Compare(std::string_view a,
                                   std::string_view b) const {
  return version::CompareApk(a, b);
}

std::string Alpine::FixCommand(const model::OsRelease&,
                               const model::Package& package,
                               std::string_view fixed_version) const {
  return base::StrCat("apk add --upgrade '", package.name, ">=", fixed_version,
                      "'");
}

}  // namespace landwaiter::analyzer::detect
