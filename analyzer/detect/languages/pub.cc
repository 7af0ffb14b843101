#include "analyzer/version/pub.h"

#include "analyzer/detect/languages/languages.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class PubEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "Pub"; }
  std::string_view package_type() const override { return "pub"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::ComparePub(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("dart pub add '", package.name, ":^", fixed_version,
                        "'");
  }
};

}  // namespace

const Ecosystem& Pub() {
  static const PubEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
