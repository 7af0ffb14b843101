#include "analyzer/detect/suse/suse.h"

#include "analyzer/detect/source_package.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

constexpr std::string_view kServer = "SUSE:Linux Enterprise Server ";

// "15 SP5" of "15.5", "12" of "12", and of 16 on "16.0".
std::string ReleaseOf(std::string_view version) {
  const auto parts = base::SplitOnce(version, '.');
  const auto major = base::ParseUint64(MajorVersion(version));
  if (!parts || (major && *major >= 16)) return std::string(version);
  if (parts->second == "0") return std::string(parts->first);
  return base::StrCat(parts->first, " SP", parts->second);
}

Target EnterpriseTarget(std::string_view version) {
  const std::string ecosystem = base::StrCat(kServer, ReleaseOf(version));
  Target target{ecosystem, {ecosystem}};
  // The modules of 12 were for all of its service packs.
  if (version.starts_with("12.")) {
    target.keys.push_back(base::StrCat(kServer, "12"));
  }
  return target;
}

Target One(std::string ecosystem) { return {ecosystem, {ecosystem}}; }

}  // namespace

std::optional<Target> Suse::TargetOf(const model::Inventory& inventory) const {
  const std::string& id = inventory.os.id;
  const std::string& version = inventory.os.version_id;
  if (id == "opensuse-tumbleweed") return One("openSUSE:Tumbleweed");
  if (id == "opensuse-leap" || (id == "opensuse" && version >= "42")) {
    return One(base::StrCat("openSUSE:Leap ", version));
  }
  if (id == "opensuse") return One(base::StrCat("openSUSE:", version));
  if (id == "sl-micro") return One(base::StrCat("SUSE:Linux Micro ", version));
  if (id == "sle-micro" || id == "sle_micro") {
    return One(base::StrCat("SUSE:Linux Enterprise Micro ", version));
  }
  for (const std::string_view edition :
       {"sles", "sled", "sles_sap", "sle_hpc", "sle_rt"}) {
    if (id == edition) return EnterpriseTarget(version);
  }
  return std::nullopt;
}

std::string Suse::FixCommand(const model::OsRelease&,
                             const model::Package& package,
                             std::string_view fixed_version) const {
  return base::StrCat("zypper install '", package.name, ">=", fixed_version,
                      "'");
}

}  // namespace landwaiter::analyzer::detect
