#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/components.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class CranEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "CRAN"; }
  std::string_view package_type() const override { return "cran"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareCran(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("Rscript -e 'remotes::install_version(\"", package.name,
                        "\",\"", fixed_version, "\")'");
  }
};

}  // namespace

const Ecosystem& Cran() {
  static const CranEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
