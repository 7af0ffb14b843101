#ifndef LANDWAITER_ANALYZER_ADVISORY_ADVISORY_H_
#define LANDWAITER_ANALYZER_ADVISORY_ADVISORY_H_

#include <cstdint>
#include <optional>
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

// What the source says of the versions that an entry covers.
enum class Standing : uint8_t {
  kAffected,  // vulnerable, until a range's fixed event
  // The flaw is not in these versions, or cannot be reached in how they are
  // built: stronger than what a general source says of them.
  kNotAffected,
  kUnderInvestigation,  // nobody knows yet
  kFixDeferred,         // affected; a fix may come later (Debian "postponed")
  kWillNotFix,          // affected; no fix will come (Debian "ignored")
  kEndOfLife,           // the release or the package is out of support
};

// What an entry's package name is the name of.
enum class NameKind : uint8_t {
  kAsUsual,  // what the ecosystem's feeds usually name
  kBinary,   // an installed package
  kSource,   // the source package that it was built from
};

// One package of one ecosystem that an advisory is about. A version is covered
// if it is in one of the ranges or one of `versions`.
template <typename Text>
struct BasicAffected {
  Standing standing = Standing::kAffected;
  NameKind names = NameKind::kAsUsual;
  // The source's own word on it, one line: "no-dsa: Minor issue", "Out of
  // support scope", "vulnerable_code_not_in_execute_path".
  Text statement;
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

// A CVSS vector of version 2, 3.0, 3.1 or 4.0 and who gave it.
struct CvssVector {
  std::string source;  // "nvd@nist.gov", "security-advisories@github.com"; ""
                       // is the advisory's own
  std::string vector;
  friend bool operator==(const CvssVector&, const CvssVector&) = default;
};

// What an advisory says as a whole.
struct Details {
  std::string id;                    // "DSA-5417-1"
  std::vector<std::string> aliases;  // other ids of the flaws, CVEs first
  std::string summary;               // one line
  model::Severity severity = model::Severity::kUnknown;  // the source's own
  std::string feed;                     // FeedFormat::name that it came by
  std::vector<CvssVector> cvss;         // as given, worst judges last
  std::vector<std::string> cwes;        // "CWE-79"
  std::vector<std::string> references;  // URLs, the advisory's own page first
  std::string published, modified;      // RFC 3339, UTC; may be empty
  bool malicious = false;  // the package itself is an attack (OSV's MAL-)
  friend bool operator==(const Details&, const Details&) = default;
};

struct Advisory {
  Details details;
  std::vector<Affected> affected;
};

// In CISA's catalogue of known exploited vulnerabilities.
struct Exploited {
  std::string added, due;   // dates, "2021-12-10"
  bool ransomware = false;  // known to be used in ransomware campaigns
  friend bool operator==(const Exploited&, const Exploited&) = default;
};

// FIRST's estimate that a flaw is exploited within 30 days.
struct Epss {
  // In millionths, as exact as the feed: 0.975230000 is 975230.
  uint32_t score = 0, percentile = 0;
  std::string date;  // of the model's run, "2024-10-01"
  friend bool operator==(const Epss&, const Epss&) = default;
};

// What is known of a CVE whatever it is found in (NVD, KEV, EPSS). Feeds add
// to one another: of two that say the same thing the later counts.
struct Enrichment {
  std::string cve;
  std::string summary;  // one line
  std::vector<CvssVector> cvss;
  std::vector<std::string> cwes;
  std::vector<std::string> references;
  std::string published;
  std::optional<Exploited> exploited;
  std::optional<Epss> epss;
  bool rejected = false;  // the CVE was taken back
  friend bool operator==(const Enrichment&, const Enrichment&) = default;
};

// An entry of a store: the texts live as long as the call that shows it.
using Event = BasicEvent<std::string_view>;
struct AffectedView : BasicAffected<std::string_view> {
  uint32_t advisory = 0;  // for AdvisoryStore::Find
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ADVISORY_H_
