#ifndef LANDWAITER_AGENT_SUBMIT_WORK_CLIENT_H_
#define LANDWAITER_AGENT_SUBMIT_WORK_CLIENT_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/model/layer_report.h"
#include "core/model/work.h"

namespace landwaiter::agent::submit {

// The analyzer, as an agent sees it (proto/landwaiter/v1/work.proto has the
// rules). Every call has a deadline and may be repeated: the analyzer answers
// a repetition as it answered the first time. Thread-safe.
//
// Errors: ABORTED, the lease is no longer the caller's: drop the item and
// write nothing more of it; UNAUTHENTICATED, the pod's work has ended: exit;
// UNAVAILABLE or DEADLINE_EXCEEDED, retries inside were used up; others are
// defects or limits of this one item.
class WorkClient {
 public:
  virtual ~WorkClient() = default;

  virtual absl::StatusOr<model::LeaseReply> Lease(uint32_t max_items) = 0;
  virtual absl::StatusOr<model::HeartbeatReply> Heartbeat(
      const std::vector<model::LeaseRef>& leases) = 0;
  virtual absl::StatusOr<model::ListingReply> SubmitListing(
      const model::LeaseRef& lease, const model::ListingPage& page) = 0;
  virtual absl::StatusOr<model::ImagePlan> PlanImage(
      const model::LeaseRef& lease, const model::ImageFacts& facts) = 0;
  virtual absl::Status SubmitLayer(const model::LeaseRef& lease,
                                   const model::LayerReport& report) = 0;
  virtual absl::Status Complete(const model::LeaseRef& lease,
                                const model::Outcome& outcome) = 0;
};

}  // namespace landwaiter::agent::submit

#endif  // LANDWAITER_AGENT_SUBMIT_WORK_CLIENT_H_
