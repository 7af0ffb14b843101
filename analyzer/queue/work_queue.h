#ifndef LANDWAITER_ANALYZER_QUEUE_WORK_QUEUE_H_
#define LANDWAITER_ANALYZER_QUEUE_WORK_QUEUE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/queue/environment.h"
#include "core/model/layer_report.h"
#include "core/model/task.h"
#include "core/model/work.h"

namespace landwaiter::analyzer::queue {

struct LeaseRequest {
  uint32_t max_items = 1;
  // What the agent can do; empty: everything.
  std::vector<model::WorkKind> kinds;
  // Scans go only to agents whose reports this release reads.
  uint32_t report_version = model::kLayerReportVersion;
};

// The queue, as agents see it (proto/landwaiter/v1/work.proto has the rules,
// docs/queue.md the states). Logic only: no thread, no socket, and time is the
// environment's clock. Thread-safe, because the store is.
//
// Errors: ABORTED, the lease is not (any more) the caller's; UNAUTHENTICATED,
// the identity's work has ended; PERMISSION_DENIED, another registry's item;
// INVALID_ARGUMENT and FAILED_PRECONDITION, what was sent breaks a rule;
// typed failures (core/base/failure.h) of the image; the store's errors, with
// nothing changed.
class WorkQueue {
 public:
  // `environment` outlives the queue.
  explicit WorkQueue(Environment& environment) : environment_(environment) {}

  // Whether the identity may still work: its registry is there, and has an
  // active task or had one until just now.
  absl::Status Authorize(const model::AgentIdentity& identity);

  // Whether `lease` is now the identity's (as every write checks by itself):
  // to be asked before bytes are taken in.
  absl::Status CheckLeased(const model::AgentIdentity& identity,
                           const model::LeaseRef& lease);

  absl::StatusOr<model::LeaseReply> Lease(const model::AgentIdentity& identity,
                                          const LeaseRequest& request);
  absl::StatusOr<model::HeartbeatReply> Heartbeat(
      const model::AgentIdentity& identity,
      const std::vector<model::LeaseRef>& leases);
  absl::StatusOr<model::ListingReply> SubmitListing(
      const model::AgentIdentity& identity, const model::LeaseRef& lease,
      const model::ListingPage& page);
  absl::StatusOr<model::ImagePlan> PlanImage(
      const model::AgentIdentity& identity, const model::LeaseRef& lease,
      const model::ImageFacts& facts);
  absl::Status SubmitLayer(const model::AgentIdentity& identity,
                           const model::LeaseRef& lease,
                           const model::LayerReport& report);
  absl::Status Complete(const model::AgentIdentity& identity,
                        const model::LeaseRef& lease,
                        const model::Outcome& outcome);

  // How many layers were set aside since the start.
  uint64_t layer_conflicts() const { return layer_conflicts_; }

 private:
  Environment& environment_;
  std::atomic<uint64_t> layer_conflicts_ = 0;
};

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_WORK_QUEUE_H_
