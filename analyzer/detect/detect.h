#ifndef LANDWAITER_ANALYZER_DETECT_DETECT_H_
#define LANDWAITER_ANALYZER_DETECT_DETECT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory_store.h"
#include "core/model/finding.h"
#include "core/model/image.h"

namespace landwaiter::analyzer::detect {

struct DetectionResult {
  // Sorted by (package, advisory, path, installed version), each once.
  std::vector<model::Finding> findings;
  // Whose advisories were looked in, as OSV names it ("Debian:12"). For a
  // system that no detector knows its id and version ("slackware 15.0"), for
  // an image that names no system nothing.
  std::string ecosystem;
  // Nothing was looked up: there is no advisory for the ecosystem, or no
  // detector for the system. That there are no findings then means nothing.
  bool no_advisory_data = false;
};

// The vulnerabilities of the image's system packages, by the detectors of the
// catalog. Pure: it reads the two arguments and nothing else. An error is the
// store's.
absl::StatusOr<DetectionResult> DetectVulnerabilities(
    const model::Inventory& inventory, const advisory::AdvisoryStore& store);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_DETECT_H_
