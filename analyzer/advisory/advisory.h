#ifndef LANDWAITER_ANALYZER_ADVISORY_ADVISORY_H_
#define LANDWAITER_ANALYZER_ADVISORY_ADVISORY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/severity.h"

// Advisories in canonical form: what is left of a feed's record, whatever the
// feed's own format was.
namespace landwaiter::analyzer::advisory {

// A point of a range (OSV schema, affected[].ranges[].events). An introduced
// "0" lies before every version.
enum class EventKind : uint8_t { kIntroduced, kFixed, kLastAffected };

template <typename Text>
struct BasicEvent {
  EventKind kind = EventKind::kIntroduced;
  Text version;
  friend bool operator==(const BasicEvent&, const BasicEvent&) = default;
};

// One package of one ecosystem that an advisory is about. A version is
// affected if it is in one of the ranges or one of `versions`.
template <typename Text>
struct BasicAffected {
  // The module streams ("nodejs:14") that the fix is built for; a package of
  // another stream, or of none, is not meant.
  std::vector<Text> modules;
  std::vector<std::vector<BasicEvent<Text>>> ranges;
  std::vector<Text> versions;
  // How the distribution rates it for this package; kUnknown: as the advisory.
  model::Severity severity = model::Severity::kUnknown;
  friend bool operator==(const BasicAffected&, const BasicAffected&) = default;
};

struct Affected : BasicAffected<std::string> {
  std::string ecosystem;  // canonical (ecosystem.h)
  std::string package;
  friend bool operator==(const Affected&, const Affected&) = default;
};

// What an advisory says as a whole.
struct Details {
  std::string id;                    // "DSA-5417-1"
  std::vector<std::string> aliases;  // other ids of the flaws, CVEs first
  std::string summary;               // one line
  model::Severity severity = model::Severity::kUnknown;
  friend bool operator==(const Details&, const Details&) = default;
};

struct Advisory {
  Details details;
  std::vector<Affected> affected;
};

// An entry of a store: the texts live as long as the call that shows it.
using Event = BasicEvent<std::string_view>;
struct AffectedView : BasicAffected<std::string_view> {
  uint32_t advisory = 0;  // for AdvisoryStore::Find
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ADVISORY_H_
