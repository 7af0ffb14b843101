#include "analyzer/detect/wolfi/wolfi.h"

#include <string>
#include <string_view>

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

}  // namespace landwaiter::analyzer::detect
