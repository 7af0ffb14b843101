#include "analyzer/detect/ubuntu/ubuntu.h"

#include <algorithm>

#include "analyzer/detect/source_package.h"
#include "analyzer/version/dpkg.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

// Long-term support: April of every second year, since 6.06.
bool IsLongTerm(std::string_view release) {
  const auto parts = base::SplitOnce(release, '.');
  if (!parts) return false;
  const auto year = base::ParseUint64(parts->first);
  if (!year || *year % 2 != 0) return false;
  return parts->second == "04" || release == "6.06";
}

// Packages of Expanded Security Maintenance carry its name in their version
// ("1.1.1-1ubuntu2.1~18.04.23+esm3").
bool HoldsProPackages(const model::Inventory& inventory) {
  return std::any_of(inventory.packages.begin(), inventory.packages.end(),
                     [](const model::InstalledPackage& installed) {
                       return base::Contains(installed.package.version, "esm");
                     });
}

}  // namespace

std::optional<Target> Ubuntu::TargetOf(
    const model::Inventory& inventory) const {
  if (inventory.os.id != "ubuntu") return std::nullopt;
  const std::string_view release = MinorVersion(inventory.os.version_id);
  Target target;
  target.ecosystem =
      base::StrCat("Ubuntu:", release, IsLongTerm(release) ? ":LTS" : "");
  if (HoldsProPackages(inventory)) {
    target.keys.push_back(base::StrCat("Ubuntu:Pro:", release));
  }
  target.keys.push_back(base::StrCat("Ubuntu:", release));
  target.keys.emplace_back("Ubuntu");
  return target;
}

Subject Ubuntu::SubjectOf(const model::Package& package) const {
  return SourceOf(package);
}

std::weak_ordering Ubuntu::Compare(std::string_view a,
                                   std::string_view b) const {
  return version::CompareDpkg(a, b);
}

std::string Ubuntu::FixCommand(const model::OsRelease&,
                               const model::Package& package,
                               std::string_view fixed_version) const {
  return AptCommand(package, fixed_version);
}

}  // namespace landwaiter::analyzer::detect
