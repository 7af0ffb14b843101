#include "analyzer/version/packagist.h"

#include "analyzer/detect/languages/languages.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class PackagistEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "Packagist"; }
  std::string_view package_type() const override { return "composer"; }
  std::string VersionOf(const model::Package& package) const override {
    const std::string& version = package.version;
    const bool branch =
        version.starts_with("dev-") || version.ends_with("-dev");
    return branch || !IsVersion(version) ? "" : version;
  }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::ComparePackagist(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("composer require --update-with-dependencies '",
                        package.name, ":^", fixed_version, "'");
  }
};

}  // namespace

const Ecosystem& Packagist() {
  static const PackagistEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
