#include "analyzer/version/maven.h"

#include "analyzer/detect/languages/languages.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class MavenEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "Maven"; }
  std::string_view package_type() const override { return "maven"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareMaven(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    const auto parts = base::SplitOnce(package.name, ':');
    if (!parts) return "";
    return base::StrCat(
        "mvn versions:use-dep-version -DforceVersion=true "
        "-Dincludes=",
        package.name, " -DdepVersion=", fixed_version);
  }
};

}  // namespace

const Ecosystem& Maven() {
  static const MavenEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
