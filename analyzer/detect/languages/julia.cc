#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/semver.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class JuliaEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "Julia"; }
  std::string_view package_type() const override { return "julia"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareSemver(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("julia -e 'using Pkg; Pkg.add(name=\"", package.name,
                        "\",version=\"", fixed_version, "\")'");
  }
};

}  // namespace

const Ecosystem& Julia() {
  static const JuliaEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
