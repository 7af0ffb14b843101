#ifndef LANDWAITER_ANALYZER_DETECT_RATING_H_
#define LANDWAITER_ANALYZER_DETECT_RATING_H_

#include <cstdint>
#include <string>

#include "analyzer/advisory/advisory.h"
#include "core/model/severity.h"

// How bad a flaw is, and how soon to look at it (docs/matching.md).
namespace landwaiter::analyzer::detect {

struct Rating {
  model::Severity severity = model::Severity::kUnknown;
  std::string source;  // as model::Finding::severity_source
};

// The source's own word for the package, its word for the flaw, its CVSS
// vectors, and those that others gave the CVE; of vectors the newest version
// of CVSS, of that NVD's last. `known` may be null.
Rating Rate(model::Severity of_package, const advisory::Details& details,
            const advisory::Enrichment* known);

// 0 to 100, from what is known alone. `epss` is in millionths.
struct Urgency {
  model::Severity severity = model::Severity::kUnknown;
  bool malicious = false;   // the package itself is an attack
  bool exploited = false;   // known to be
  bool ransomware = false;  // and by that
  uint32_t epss = 0;
  bool fixable = false;
};
uint8_t PriorityOf(const Urgency& urgency);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_RATING_H_
