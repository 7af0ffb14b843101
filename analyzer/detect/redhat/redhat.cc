#include "analyzer/detect/redhat/redhat.h"

#include <algorithm>

#include "analyzer/detect/source_package.h"
#include "analyzer/version/rpm.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::AffectedView;
using advisory::EventKind;

constexpr std::string_view kRedHat = "Red Hat";

struct Family {
  std::string_view id;  // of os-release
  std::string_view ecosystem;
};
constexpr Family kFamilies[] = {{"rhel", kRedHat},
                                {"centos", kRedHat},
                                {"almalinux", "AlmaLinux"},
                                {"rocky", "Rocky Linux"},
                                {"ol", "Oracle Linux"}};

// Builds for a module say so in their release.
bool IsModular(std::string_view version) {
  return base::Contains(version, ".module");
}

// "nodejs:14" of "nodejs:14:8030020201124152102:229f0a1c".
std::string_view StreamOf(std::string_view label) {
  const size_t name = label.find(':');
  if (name == label.npos) return label;
  return label.substr(0, label.find(':', name + 1));
}

}  // namespace

std::optional<Target> RedHat::TargetOf(
    const model::Inventory& inventory) const {
  const auto* family =
      std::find_if(std::begin(kFamilies), std::end(kFamilies),
                   [&](const Family& f) { return f.id == inventory.os.id; });
  if (family == std::end(kFamilies)) return std::nullopt;
  const std::string_view major = MajorVersion(inventory.os.version_id);
  Target target;
  target.ecosystem = base::StrCat(family->ecosystem, ":", major);
  target.keys = {target.ecosystem, std::string(family->ecosystem)};
  if (family->id == "ol") {
    target.keys.push_back(base::StrCat(kRedHat, ":", major));
  }
  return target;
}

Subject RedHat::SubjectOf(const model::Package& package) const {
  return {package.name, package.version};
}

std::weak_ordering RedHat::Compare(std::string_view a,
                                   std::string_view b) const {
  return version::CompareRpm(a, b);
}

bool RedHat::Concerns(const model::Package& package,
                      const AffectedView& entry) const {
  bool any_fix = false, modular_fix = !entry.modules.empty();
  for (const auto& range : entry.ranges) {
    for (const advisory::Event& event : range) {
      if (event.kind == EventKind::kIntroduced) continue;
      any_fix = true;
      modular_fix = modular_fix || IsModular(event.version);
    }
  }
  const bool modular = !package.module.empty() || IsModular(package.version);
  if (!any_fix && entry.modules.empty()) return true;
  if (modular != modular_fix) return false;
  // Either side may not name its stream.
  if (entry.modules.empty() || package.module.empty()) return true;
  return std::find(entry.modules.begin(), entry.modules.end(),
                   StreamOf(package.module)) != entry.modules.end();
}

std::string RedHat::FixCommand(const model::OsRelease& os,
                               const model::Package& package,
                               std::string_view fixed_version) const {
  // dnf came with 8.
  const auto major = base::ParseUint64(MajorVersion(os.version_id));
  return base::StrCat(major && *major < 8 ? "yum" : "dnf", " upgrade ",
                      package.name, "-", fixed_version);
}

}  // namespace landwaiter::analyzer::detect
