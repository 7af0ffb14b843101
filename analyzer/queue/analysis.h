#ifndef LANDWAITER_ANALYZER_QUEUE_ANALYSIS_H_
#define LANDWAITER_ANALYZER_QUEUE_ANALYSIS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/store/rows.h"
#include "core/model/finding.h"
#include "core/model/image.h"

namespace landwaiter::analyzer::queue {

// What matching an image's packages with the advisories gave.
struct Detection {
  std::vector<model::Finding> findings;
  // There are no advisories for the image's system; `message` says of which.
  bool no_advisory_data = false;
  std::string message;
  // What the advisories were asked for: sorted, each once.
  std::vector<store::Lookup> lookups;
  std::string database;  // version of the advisories
};

// Finds the vulnerabilities of an inventory. Thread-safe. UNAVAILABLE when the
// advisories cannot be read now.
class Detector {
 public:
  virtual ~Detector() = default;
  virtual absl::StatusOr<Detection> Detect(
      const model::Inventory& inventory) = 0;
  // Of the advisories that the next Detect goes by.
  virtual std::string version() { return ""; }
};

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_ANALYSIS_H_
