#ifndef LANDWAITER_CORE_MODEL_FINDING_H_
#define LANDWAITER_CORE_MODEL_FINDING_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/digest.h"
#include "core/model/severity.h"

namespace landwaiter::model {

// Whose package it is; shown apart everywhere.
enum class Category : uint8_t {
  kSystem,       // of the operating system's package manager
  kApplication,  // language packages, middleware, databases
};

// What the source says will become of it. What is not affected is no finding.
enum class FindingState : uint8_t {
  kAffected,
  kUnderInvestigation,
  kFixDeferred,  // a fix may come later
  kWillNotFix,
  kEndOfLife,  // the release or the package is out of support
};
std::string_view ToString(FindingState state);  // "Affected", "WillNotFix"

// A vulnerability of one installed package of one image: of a package, path,
// version and id there is one.
struct Finding {
  // The CVE; where there is none, the advisory's own name for the flaw.
  std::string id;
  Category category = Category::kSystem;
  // The record that decided: "DSA-5417-1", "ALPINE-CVE-2023-0464".
  std::string advisory;
  // Other names of the flaw and other records that speak of it for this
  // package; sorted, without `id` and `advisory`.
  std::vector<std::string> aliases;

  std::string package;  // the installed (binary) package
  std::string source_package;
  std::string type;  // the package's purl type
  std::string installed_version;
  std::string path;          // of the database that lists the package
  std::string location;      // in the archive at `path`; as in model::Package
  bool declared = false;     // asked for; nothing shows that it is installed
  bool development = false;  // asked for by development alone

  Severity severity = Severity::kUnknown;
  // Who rated it so: a feed ("osv"), or the giver and version of a CVSS vector
  // ("nvd@nist.gov CVSS 3.1").
  std::string severity_source;
  uint8_t priority = 0;    // 0 to 100, docs/matching.md
  bool exploited = false;  // in CISA's catalogue
  // FIRST's estimate that it is exploited within 30 days, in millionths.
  uint32_t epss = 0;
  FindingState state = FindingState::kAffected;
  std::string statement;  // the source's own word on it, one line
  std::string summary;    // what the flaw is, one line

  std::string fixed_version;  // empty: no fix is published
  // What to run or write in a Dockerfile; may be empty.
  std::string fix_command;
  std::string impact;  // what the fix changes, one line; empty without a fix

  // Why it matched.
  std::string feed;         // that the record came by
  std::string range;        // "introduced 1.0, fixed 1.2"
  std::string database;     // version of the advisories that it first came of
  Digest layer;             // that brought the package in
  std::string instruction;  // of the build that made the layer

  friend bool operator==(const Finding&, const Finding&) = default;
};

// How many findings there are of each severity.
struct SeverityCounts {
  uint64_t critical = 0;
  uint64_t high = 0;
  uint64_t medium = 0;
  uint64_t low = 0;  // with negligible
  uint64_t unknown = 0;

  void Add(Severity severity, uint64_t n = 1) {
    switch (severity) {
      case Severity::kCritical:
        critical += n;
        break;
      case Severity::kHigh:
        high += n;
        break;
      case Severity::kMedium:
        medium += n;
        break;
      case Severity::kLow:
      case Severity::kNegligible:
        low += n;
        break;
      case Severity::kUnknown:
        unknown += n;
        break;
    }
  }
  SeverityCounts& operator+=(const SeverityCounts& other) {
    critical += other.critical;
    high += other.high;
    medium += other.medium;
    low += other.low;
    unknown += other.unknown;
    return *this;
  }
  friend auto operator<=>(const SeverityCounts&,
                          const SeverityCounts&) = default;
};

// Of both categories.
struct VulnerabilityCounts {
  SeverityCounts system;
  SeverityCounts application;

  void Add(const Finding& finding) {
    (finding.category == Category::kSystem ? system : application)
        .Add(finding.severity);
  }
  friend auto operator<=>(const VulnerabilityCounts&,
                          const VulnerabilityCounts&) = default;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_FINDING_H_
