#ifndef LANDWAITER_ANALYZER_DETECT_DETECT_H_
#define LANDWAITER_ANALYZER_DETECT_DETECT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory_store.h"
#include "core/model/finding.h"
#include "core/model/image.h"

namespace landwaiter::analyzer::detect {

// An ecosystem of applications that the image has packages of.
struct EcosystemResult {
  std::string name;       // "PyPI"; a purl type where no detector knows it
  uint64_t packages = 0;  // that are the language's own, not the system's
  bool no_advisory_data = false;
};

struct DetectionResult {
  // Sorted by (package, id, path, installed version), each once.
  std::vector<model::Finding> findings;
  // Whose advisories were looked in for the system's packages, as OSV names it
  // ("Debian:12"). For a system that no detector knows its id and version
  // ("slackware 15.0"), for an image that names no system nothing.
  std::string ecosystem;
  // The system's packages were not looked up: there is no advisory for the
  // ecosystem, or no detector for the system. That there are no findings then
  // means nothing. Not so for an image of applications alone that names no
  // system, if there are advisories for one of them.
  bool no_advisory_data = false;
  // When the system's release gets its last update; empty if that is unknown.
  std::string end_of_life;
  std::vector<EcosystemResult> applications;  // by name
  // What fixes everything that can be fixed, a command for each package
  // manager.
  std::vector<std::string> fix_commands;
};

// The vulnerabilities of the image's packages, by the detectors of the
// catalog. Pure: it reads the two arguments and nothing else. An error is the
// store's.
absl::StatusOr<DetectionResult> DetectVulnerabilities(
    const model::Inventory& inventory, const advisory::AdvisoryStore& store);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_DETECT_H_
