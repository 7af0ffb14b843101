#ifndef LANDWAITER_ANALYZER_SERVICE_METRICS_H_
#define LANDWAITER_ANALYZER_SERVICE_METRICS_H_

#include <string>

#include "absl/status/statusor.h"
#include "analyzer/queue/task_control.h"
#include "analyzer/queue/work_queue.h"
#include "analyzer/service/advisory_desk.h"
#include "analyzer/service/call_log.h"

namespace landwaiter::analyzer::service {

// The analyzer's metrics in Prometheus' text format (exposition format 0.0.4).
// Labels are bounded: methods and codes, no registries or images.
absl::StatusOr<std::string> RenderMetrics(queue::TaskControl& control,
                                          const queue::WorkQueue& queue,
                                          CallLog& calls);

// Those of the advisories. A feed and one of a few newly found vulnerabilities
// may be labels.
std::string RenderAdvisoryMetrics(const AdvisoryOverview& advisories,
                                  absl::Time now);

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_METRICS_H_
