#include "analyzer/detect/languages/languages.h"
#include "analyzer/version/semver.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

class CratesIoEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "crates.io"; }
  std::string_view package_type() const override { return "cargo"; }
  std::string_view authority() const override { return "RUSTSEC-"; }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareSemver(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    return base::StrCat("cargo update -p ", package.name, " --precise ",
                        fixed_version);
  }
};

}  // namespace

const Ecosystem& CratesIo() {
  static const CratesIoEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
