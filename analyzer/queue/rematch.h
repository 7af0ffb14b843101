#ifndef LANDWAITER_ANALYZER_QUEUE_REMATCH_H_
#define LANDWAITER_ANALYZER_QUEUE_REMATCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/queue/environment.h"

namespace landwaiter::analyzer::queue {

// What the new advisories say otherwise than the old ones.
struct RematchScope {
  bool all = false;  // anything may be
  std::vector<store::Lookup> lookups;
  std::vector<std::string> findings;  // ids: of these more is known
};

struct RematchResult {
  uint64_t images = 0;   // that were matched again
  uint64_t changed = 0;  // whose findings are others now
  // Vulnerabilities of an image that were not there before, and that are there
  // no more.
  uint64_t appeared = 0, disappeared = 0;
};

// After new advisories: matches again the stored inventories of the images
// whose findings were looked up by one of these (and no others), replaces
// their findings and notes what came and went. Nothing is pulled; tasks that
// have ended stay as they are. A few images are a transaction, so work goes on
// beside it; an image that is scanned meanwhile keeps its newer result.
absl::StatusOr<RematchResult> Rematch(Environment& environment,
                                      const RematchScope& scope);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_REMATCH_H_
