#ifndef LANDWAITER_ANALYZER_ADVISORY_CONSTRAINT_H_
#define LANDWAITER_ANALYZER_ADVISORY_CONSTRAINT_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory.h"

// The constraints by which language feeds say which versions they mean
// ("~> 2.1.3", ">=1.0, <1.2 || 3.x"), as ranges of events.
namespace landwaiter::analyzer::advisory {

// One end of an interval.
struct Bound {
  std::string version;
  bool inclusive = false;
};
// The versions between two ends; without one, all on that side.
struct Interval {
  std::optional<Bound> low, high;
};
// The versions in any of these.
using VersionSet = std::vector<Interval>;

// What there is to know of an ecosystem's versions.
struct Dialect {
  std::weak_ordering (*compare)(std::string_view, std::string_view);
  // What no version lies between and the one given: events have no range that
  // begins right behind a version.
  std::string (*successor)(std::string_view);
  // The lowest text that is, as "<2.2" means, no longer 2.1: of pre-releases.
  std::string_view lowest;     // put behind "2.2" or "2.2.0"
  bool padded = false;         // upper ends have three numbers
  bool bare_is_caret = false;  // Cargo: "1.2" is "^1.2"
};
const Dialect& RubyGemsDialect();
const Dialect& CargoDialect();
const Dialect& NpmDialect();
const Dialect& ComposerDialect();

// Reads comparisons parted by blanks and commas, all of which hold, and
// alternatives parted by "||". INVALID_ARGUMENT for anything else, and for
// what is longer than any real one.
absl::StatusOr<VersionSet> ParseConstraint(std::string_view text,
                                           const Dialect& dialect);

// The same, added to `set`, which a record's constraints may make only so
// large: what follows takes time by its square.
absl::Status AddConstraint(std::string_view text, const Dialect& dialect,
                           VersionSet& set);

// The versions that are in none, in order.
VersionSet Complement(const VersionSet& set, const Dialect& dialect);

std::vector<std::vector<BasicEvent<std::string>>> RangesOf(
    const VersionSet& set, const Dialect& dialect);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CONSTRAINT_H_
