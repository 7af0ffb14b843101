#ifndef LANDWAITER_ANALYZER_DETECT_DISTRIBUTION_H_
#define LANDWAITER_ANALYZER_DETECT_DISTRIBUTION_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/advisory/advisory.h"
#include "core/model/image.h"
#include "core/model/package.h"

namespace landwaiter::analyzer::detect {

// Where the advisories of a system are.
struct Target {
  // As OSV names it and users know it: "Ubuntu:22.04:LTS".
  std::string ecosystem;
  // The canonical ecosystems to look in; where two have an entry of one
  // advisory for one package, the earlier decides. One without a suffix
  // ("Debian") is about every release.
  std::vector<std::string> keys;
};

// What advisories call a package, and the version that they compare.
struct Subject {
  std::string_view name;
  std::string_view version;
};

// A detector of system vulnerabilities: what is peculiar to one distribution,
// or one family of them. Stateless and thread-safe.
class Distribution {
 public:
  virtual ~Distribution() = default;

  // Which advisories are this system's; nullopt if it is none of this
  // distribution's.
  virtual std::optional<Target> TargetOf(
      const model::Inventory& inventory) const = 0;

  // The purl type of its packages: others are not looked at.
  virtual std::string_view package_type() const = 0;

  // The result points into `package`.
  virtual Subject SubjectOf(const model::Package& package) const = 0;

  virtual std::weak_ordering Compare(std::string_view a,
                                     std::string_view b) const = 0;

  // Whether the entry means this build of the package at all.
  virtual bool Concerns(const model::Package&,
                        const advisory::AffectedView&) const {
    return true;
  }

  // Whether the package has nothing of what its source package's flaws are in,
  // as headers have nothing of a kernel: entries that name the source do not
  // mean it then.
  virtual bool WithoutCode(const model::Package& package) const;

  // The command that brings the package to the fixed version.
  virtual std::string FixCommand(const model::OsRelease& os,
                                 const model::Package& package,
                                 std::string_view fixed_version) const = 0;
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_DISTRIBUTION_H_
