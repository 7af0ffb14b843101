#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/semver.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

// Pre-releases are ordered as SemVer has it, and lie in the ranges around them:
// OSV's evaluation knows nothing of npm's rule that a range has none.
class NpmEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "npm"; }
  std::string_view package_type() const override { return "npm"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareSemver(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    // Each lock is its own manager's.
    return base::StrCat("npm install '", package.name, "@", fixed_version, "'");
  }
};

}  // namespace

const Ecosystem& Npm() {
  static const NpmEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
