#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/conan.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class ConanCenterEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "ConanCenter"; }
  std::string_view package_type() const override { return "conan"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareConan(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("conan install --update --requires=", package.name, "/",
                        fixed_version);
  }
};

}  // namespace

const Ecosystem& ConanCenter() {
  static const ConanCenterEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
