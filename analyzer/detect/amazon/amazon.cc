#include "analyzer/detect/amazon/amazon.h"

#include "analyzer/detect/source_package.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

// The first Amazon Linux was called by the month: "2018.03".
bool IsMonth(std::string_view version) {
  const auto parts = base::SplitOnce(version, '.');
  return parts && parts->first.size() == 4 && parts->second.size() == 2;
}

}  // namespace

std::optional<Target> Amazon::TargetOf(
    const model::Inventory& inventory) const {
  if (inventory.os.id != "amzn") return std::nullopt;
  const std::string_view version = inventory.os.version_id;
  const std::string ecosystem = base::StrCat(
      "Amazon Linux:", IsMonth(version) ? "1" : MajorVersion(version));
  return Target{ecosystem, {ecosystem}};
}

std::string Amazon::FixCommand(const model::OsRelease& os,
                               const model::Package& package,
                               std::string_view fixed_version) const {
  const bool yum = IsMonth(os.version_id) || MajorVersion(os.version_id) == "2";
  return base::StrCat(yum ? "yum" : "dnf", " upgrade ", package.name, "-",
                      fixed_version);
}

}  // namespace landwaiter::analyzer::detect
