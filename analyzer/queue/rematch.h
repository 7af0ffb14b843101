#ifndef LANDWAITER_ANALYZER_QUEUE_REMATCH_H_
#define LANDWAITER_ANALYZER_QUEUE_REMATCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/queue/environment.h"

namespace landwaiter::analyzer::queue {

struct RematchResult {
  uint64_t images = 0;   // that were matched again
  uint64_t changed = 0;  // whose findings are others now
};

// After new advisories: matches again the stored inventories of the images
// that hold a binary or source package of one of these names, and replaces
// their findings. Nothing is pulled; tasks that have ended stay as they are.
// Each image is a transaction of its own, so work goes on beside it; an image
// that is scanned meanwhile keeps its newer result.
absl::StatusOr<RematchResult> Rematch(Environment& environment,
                                      const std::vector<std::string>& packages);
// The same for every scanned image.
absl::StatusOr<RematchResult> RematchAll(Environment& environment);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_REMATCH_H_
