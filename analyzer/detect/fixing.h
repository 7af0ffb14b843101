#ifndef LANDWAITER_ANALYZER_DETECT_FIXING_H_
#define LANDWAITER_ANALYZER_DETECT_FIXING_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/finding.h"
#include "core/model/image.h"

// How to get rid of findings, and what that changes.
namespace landwaiter::analyzer::detect {

// What an image has to say to that: which packages come from one source, and
// which package manager is there.
class Fixing {
 public:
  // Keeps views of the inventory, which must outlive it.
  explicit Fixing(const model::Inventory& inventory);

  // The command for the package manager that the image has, where that is not
  // the system's usual one ("microdnf" in a minimal image).
  std::string Adapted(std::string command) const;

  // What bringing the package to `fixed` changes: how far the version moves,
  // what comes along, what to restart. One line.
  std::string Impact(const model::Package& package,
                     std::string_view fixed) const;

 private:
  std::vector<std::string_view> SiblingsOf(const model::Package& package) const;

  // The system's packages by (type, source).
  std::map<std::pair<std::string_view, std::string_view>,
           std::set<std::string_view>>
      by_source_;
  std::string rpm_manager_;  // empty: the usual one
};

// The commands that fix all that is fixable, one a package manager: findings'
// own commands, joined where they are alike but for the package at their end.
// Of a package's several commands the last counts, so the findings of one must
// be in the order of their fixed versions.
std::vector<std::string> JoinCommands(
    const std::vector<const model::Finding*>& findings);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_FIXING_H_
