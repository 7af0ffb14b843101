#ifndef LANDWAITER_ANALYZER_DETECT_ECOSYSTEM_H_
#define LANDWAITER_ANALYZER_DETECT_ECOSYSTEM_H_

#include <compare>
#include <string>
#include <string_view>

#include "core/model/package.h"

namespace landwaiter::analyzer::detect {

// A detector of application vulnerabilities: what is peculiar to one
// language's packages. Stateless and thread-safe.
class Ecosystem {
 public:
  virtual ~Ecosystem() = default;

  // As OSV names it: "PyPI".
  virtual std::string_view name() const = 0;

  // The purl type of its packages: others are not looked at.
  virtual std::string_view package_type() const = 0;

  // What advisories call the package, in any of its spellings (which
  // advisory::CanonicalPackage knows); empty if it can have none.
  virtual std::string NameOf(const model::Package& package) const {
    return package.name;
  }

  // The version as advisories write it; empty if it is none that can be
  // compared (a branch, a range): such a package is not matched.
  virtual std::string VersionOf(const model::Package& package) const;

  virtual std::weak_ordering Compare(std::string_view a,
                                     std::string_view b) const = 0;

  // The prefix of the record ids of those who know the language best: where
  // they and others speak of one CVE, theirs decides.
  virtual std::string_view authority() const { return "GHSA-"; }

  // The command that brings the package to the fixed version.
  virtual std::string FixCommand(const model::Package& package,
                                 std::string_view fixed_version) const = 0;
};

// Whether it begins as versions do, and has nothing of a range or of a
// variable in it.
bool IsVersion(std::string_view text);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_ECOSYSTEM_H_
