#include "analyzer/detect/wolfi/wolfi.h"

#include "analyzer/detect/source_package.h"
#include "analyzer/version/apk.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

struct System {
  std::string_view id;  // of os-release
  std::string_view ecosystem;
};
constexpr System kSystems[] = {
    {"wolfi", "Wolfi"}, {"chainguard", "Chainguard"}, {"minimos", "MinimOS"}};

}  // namespace

std::optional<Target> Wolfi::TargetOf(const model::Inventory& inventory) const {
  for (const System& system : kSystems) {
    if (system.id != inventory.os.id) continue;
    const std::string ecosystem(system.ecosystem);
    return Target{ecosystem, {ecosystem}};
  }
  return std::nullopt;
}

Subject Wolfi::SubjectOf(const model::Package& package) const {
  return SourceOf(package);
}

std::weak_ordering Wolfi::Compare(std::string_view a,
                                  std::string_view b) const {
  return version::CompareApk(a, b);
}

std::string Wolfi::FixCommand(const model::OsRelease&,
                              const model::Package& package,
                              std::string_view fixed_version) const {
  return base::StrCat("apk add --upgrade '", package.name, ">=", fixed_version,
                      "'");
}

}  // namespace landwaiter::analyzer::detect
