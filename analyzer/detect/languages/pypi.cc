#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/pep440.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class PyPiEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "PyPI"; }
  std::string_view package_type() const override { return "pypi"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::ComparePep440(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("pip install --upgrade '", package.name,
                        "==", fixed_version, "'");
  }
};

}  // namespace

const Ecosystem& PyPi() {
  static const PyPiEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
