#include "analyzer/version/bitnami.h"

#include <algorithm>

#include "analyzer/detect/languages/languages.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

struct Renamed {
  std::string_view product, bitnami;
};
constexpr Renamed kNames[] = {
    {"httpd", "apache"}, {"openjdk", "java"}, {"oracle-jdk", "java"}};

class BitnamiEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "Bitnami"; }
  std::string_view package_type() const override { return "generic"; }
  std::string NameOf(const model::Package& package) const override {
    const auto* renamed = std::find_if(
        std::begin(kNames), std::end(kNames),
        [&](const Renamed& r) { return r.product == package.name; });
    return renamed == std::end(kNames) ? package.name
                                       : std::string(renamed->bitnami);
  }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareBitnami(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    // No package manager has it.
    return base::StrCat("build the image with ", package.name, " ",
                        fixed_version, " or later");
  }
};

}  // namespace

const Ecosystem& Bitnami() {
  static const BitnamiEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
