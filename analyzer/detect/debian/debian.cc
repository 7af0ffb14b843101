#include "analyzer/detect/debian/debian.h"

#include <utility>

#include "analyzer/detect/source_package.h"
#include "analyzer/version/dpkg.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

// Images of testing name their release by codename alone.
constexpr std::pair<std::string_view, std::string_view> kReleases[] = {
    {"duke", "15"},     {"forky", "14"},  {"trixie", "13"}, {"bookworm", "12"},
    {"bullseye", "11"}, {"buster", "10"}, {"stretch", "9"}, {"jessie", "8"},
    {"wheezy", "7"},    {"squeeze", "6"}, {"lenny", "5"}};

std::string_view ReleaseOf(const model::OsRelease& os) {
  const std::string_view major = MajorVersion(os.version_id);
  // Up to 4.0 a release's name had two numbers.
  if (major == "3" || major == "4") return MinorVersion(os.version_id);
  if (!major.empty()) return major;
  const std::string_view codename =
      std::string_view(os.codename).substr(0, os.codename.find('/'));
  for (const auto& [name, version] : kReleases) {
    if (name == codename) return version;
  }
  return codename;
}

}  // namespace

std::optional<Target> Debian::TargetOf(
    const model::Inventory& inventory) const {
  if (inventory.os.id != "debian") return std::nullopt;
  std::string ecosystem = base::StrCat("Debian:", ReleaseOf(inventory.os));
  return Target{ecosystem, {ecosystem, "Debian"}};
}

Subject Debian::SubjectOf(const model::Package& package) const {
  return SourceOf(package);
}

std::weak_ordering Debian::Compare(std::string_view a,
                                   std::string_view b) const {
  return version::CompareDpkg(a, b);
}

std::string Debian::FixCommand(const model::OsRelease&,
                               const model::Package& package,
                               std::string_view fixed_version) const {
  return AptCommand(package, fixed_version);
}

}  // namespace landwaiter::analyzer::detect
