#include "analyzer/version/go.h"

#include "analyzer/detect/languages/languages.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

// Modules by their path, the standard library as "stdlib". A module at
// "(devel)" is the program's own, built from a checkout: its version is not
// known.
class GoEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "Go"; }
  std::string_view package_type() const override { return "golang"; }
  std::string_view authority() const override { return "GO-"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareGo(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    if (package.name == "stdlib" || package.name == "toolchain") {
      return base::StrCat("go get toolchain@go", fixed_version);
    }
    const bool marked = fixed_version.starts_with('v');
    return base::StrCat("go get ", package.name, "@", marked ? "" : "v",
                        fixed_version);
  }
};

}  // namespace

const Ecosystem& Go() {
  static const GoEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
