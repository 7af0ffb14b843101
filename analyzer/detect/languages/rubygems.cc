#include "analyzer/version/rubygems.h"

#include <algorithm>

#include "analyzer/detect/languages/languages.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

constexpr std::string_view kPlatforms[] = {
    "java",  "jruby", "x86",     "x64",     "arm",   "aarch64", "universal",
    "mingw", "mswin", "ppc64le", "powerpc", "s390x", "darwin",  "linux"};

// "1.13.10" of "1.13.10-x86_64-linux-gnu".
std::string WithoutPlatform(std::string_view version) {
  const size_t hyphen = version.find('-');
  if (hyphen == version.npos) return std::string(version);
  const std::string_view rest = version.substr(hyphen + 1);
  const bool platform = std::any_of(
      std::begin(kPlatforms), std::end(kPlatforms),
      [&](std::string_view name) { return rest.starts_with(name); });
  return std::string(platform ? version.substr(0, hyphen) : version);
}

class RubyGemsEcosystem : public Ecosystem {
 public:
  std::string_view name() const override { return "RubyGems"; }
  std::string_view package_type() const override { return "gem"; }
  std::string VersionOf(const model::Package& package) const override {
    return IsVersion(package.version) ? WithoutPlatform(package.version) : "";
  }
  std::weak_ordering Compare(std::string_view a,
                             std::string_view b) const override {
    return version::CompareRubygems(a, b);
  }
  std::string FixCommand(const model::Package& package,
                         std::string_view fixed_version) const override {
    // A gem that a lock asks for is Bundler's to bring up.
    if (package.declared) {
      return base::StrCat("bundle update --conservative ", package.name);
    }
    return base::StrCat("gem install ", package.name, ":", fixed_version);
  }
};

}  // namespace

const Ecosystem& RubyGems() {
  static const RubyGemsEcosystem ecosystem;
  return ecosystem;
}

}  // namespace landwaiter::analyzer::detect
