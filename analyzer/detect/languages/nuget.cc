#include "analyzer/version/nuget.h"

#include "analyzer/detect/languages/languages.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class NugetEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "NuGet"; }
  std::string_view package_type() const override { return "nuget"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareNuget(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("dotnet add package ", package.name, " --version ",
                        fixed_version);
  }
};

}  // namespace

const Ecosystem& Nuget() {
  static const NugetEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
