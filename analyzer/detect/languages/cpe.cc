#include "analyzer/advisory/cpe_product.h"
#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/maven.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class CpeEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "CPE"; }
  std::string_view package_type() const override { return "generic"; }
  std::string NameOf(const model::Package& package) const override {
    return std::string(advisory::CpePackageOf(package.name));
  }
  // Without Bitnami's revision, "7.0.5-3", that the product does not have.
  std::string VersionOf(const model::Package& package) const override {
    const std::string version = Ecosystem::VersionOf(package);
    const size_t hyphen = version.rfind('-');
    if (hyphen == version.npos ||
        version.find_first_not_of("0123456789", hyphen + 1) != version.npos) {
      return version;
    }
    return version.substr(0, hyphen);
  }
  // Maven's order is the one that fits: "rc1" and "beta" are before a release,
  // "1.1.1w" and "8u292" behind it, and trailing zeros do not count.
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareMaven(a, b);
  }
  std::string_view authority() const override { return "CVE-"; }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return Bitnami().FixCommand(package, fixed_version);
  }
};

}  // namespace

const Ecosystem& Cpe() {
  static const CpeEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
