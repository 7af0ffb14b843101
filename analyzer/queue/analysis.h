#ifndef LANDWAITER_ANALYZER_QUEUE_ANALYSIS_H_
#define LANDWAITER_ANALYZER_QUEUE_ANALYSIS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/model/finding.h"
#include "core/model/image.h"

namespace landwaiter::analyzer::queue {

// What matching an image's packages with the advisories gave.
struct Detection {
  std::vector<model::Finding> findings;
  // There are no advisories for the image's system; `message` says of which.
  bool no_advisory_data = false;
  std::string message;
};

// Finds the vulnerabilities of an inventory. Thread-safe. UNAVAILABLE when the
// advisories cannot be read now.
class Detector {
 public:
  virtual ~Detector() = default;
  virtual absl::StatusOr<Detection> Detect(
      const model::Inventory& inventory) = 0;
};

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_ANALYSIS_H_
