#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/semver.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

// Packages are named by where they are: "github.com/apple/swift-nio".
class SwiftUrlEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "SwiftURL"; }
  std::string_view package_type() const override { return "swift"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareSemver(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view) const override {
    return base::StrCat("swift package update ",
                        package.name.substr(package.name.rfind('/') + 1));
  }
};

}  // namespace

const Ecosystem& SwiftUrl() {
  static const SwiftUrlEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
