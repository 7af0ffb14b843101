#ifndef LANDWAITER_ANALYZER_QUEUE_VERSION_RANGE_H_
#define LANDWAITER_ANALYZER_QUEUE_VERSION_RANGE_H_

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace landwaiter::analyzer::queue {

using CompareVersions = std::weak_ordering (*)(std::string_view,
                                               std::string_view);
// How versions of packages of a purl type are compared; as semver if nothing
// is known of the type.
CompareVersions ComparisonOf(std::string_view purl_type);

// ">=2.0,<2.17.1 || 3.0": alternatives of conditions that must all hold.
class VersionRange {
 public:
  // INVALID_ARGUMENT. An empty text and "*" hold for every version.
  static absl::StatusOr<VersionRange> Parse(std::string_view text);
  bool Contains(std::string_view version, CompareVersions compare) const;

 private:
  enum class Relation { kLess, kAtMost, kEqual, kAtLeast, kMore, kNotEqual };
  struct Condition {
    Relation relation;
    std::string version;
  };
  static absl::StatusOr<Condition> ParseCondition(std::string_view text);
  static bool Holds(const Condition& condition, std::string_view version,
                    CompareVersions compare);
  std::vector<std::vector<Condition>> alternatives_;  // none: all versions
};

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_VERSION_RANGE_H_
