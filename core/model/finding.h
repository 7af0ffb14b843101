#ifndef LANDWAITER_CORE_MODEL_FINDING_H_
#define LANDWAITER_CORE_MODEL_FINDING_H_

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "core/model/digest.h"
#include "core/model/severity.h"

namespace landwaiter::model {

// A vulnerability of one installed package of one image.
struct Finding {
  std::string advisory;              // "DSA-5417-1", "ALPINE-CVE-2023-0464"
  std::vector<std::string> aliases;  // other ids of the same flaw, CVE first
  std::string package;               // the installed (binary) package
  std::string source_package;
  std::string installed_version;
  std::string fixed_version;  // empty: no fix is published
  Severity severity = Severity::kUnknown;
  std::string type;  // the package's purl type
  std::string path;  // of the database that lists the package
  Digest layer;      // that brought it in
  std::string
      fix_command;      // what to run or write in a Dockerfile; may be empty
  std::string summary;  // the impact, one line

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
  friend auto operator<=>(const SeverityCounts&,
                          const SeverityCounts&) = default;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_FINDING_H_
