#ifndef LANDWAITER_ANALYZER_QUEUE_SWEEP_H_
#define LANDWAITER_ANALYZER_QUEUE_SWEEP_H_

#include "absl/status/status.h"
#include "analyzer/queue/environment.h"

namespace landwaiter::analyzer::queue {

// What time alone brings about: leases that ran out go back to the queue (or
// are given up after max_losses), tasks past their deadline end. Every call of
// the queue begins with it, so that its answer is true at step.now; costs two
// index look-ups when nothing is due.
absl::Status Sweep(Step& step);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_SWEEP_H_
