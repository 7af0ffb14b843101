#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/semver.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class HexEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "Hex"; }
  std::string_view package_type() const override { return "hex"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareSemver(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view) const override {
    return base::StrCat("mix deps.update ", package.name);
  }
};

}  // namespace

const Ecosystem& Hex() {
  static const HexEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
