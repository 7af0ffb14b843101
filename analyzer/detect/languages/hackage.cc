#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/components.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class HackageEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "Hackage"; }
  std::string_view package_type() const override { return "hackage"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareHackage(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("cabal install --lib ", package.name, "-",
                        fixed_version);
  }
};

}  // namespace

const Ecosystem& Hackage() {
  static const HackageEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
