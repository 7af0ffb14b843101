#ifndef LANDWAITER_TESTS_SIMULATION_SIM_WORK_CLIENT_H_
#define LANDWAITER_TESTS_SIMULATION_SIM_WORK_CLIENT_H_

#include <vector>

#include "agent/submit/work_client.h"
#include "analyzer/queue/work_queue.h"
#include "core/model/task.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/monitor.h"
#include "tests/simulation/scheduler.h"

namespace landwaiter::simulation {

// The network between an agent and the analyzer: calls take time, are lost on
// the way there or back, arrive late or twice; the client tries again as the
// real one does.
class SimWorkClient : public agent::submit::WorkClient {
 public:
  SimWorkClient(Scheduler& scheduler, FaultBudget& budget, Monitor& monitor,
                analyzer::queue::WorkQueue& queue, base::Clock& analyzer_clock,
                model::AgentIdentity identity)
      : scheduler_(scheduler),
        budget_(budget),
        monitor_(monitor),
        queue_(queue),
        analyzer_clock_(analyzer_clock),
        identity_(std::move(identity)) {}

  absl::StatusOr<model::LeaseReply> Lease(uint32_t max_items) override;
  absl::StatusOr<model::HeartbeatReply> Heartbeat(
      const std::vector<model::LeaseRef>& leases) override;
  absl::StatusOr<model::ListingReply> SubmitListing(
      const model::LeaseRef& lease, const model::ListingPage& page) override;
  absl::StatusOr<model::ImagePlan> PlanImage(
      const model::LeaseRef& lease, const model::ImageFacts& facts) override;
  absl::Status SubmitLayer(const model::LeaseRef& lease,
                           const model::LayerReport& report) override;
  absl::Status Complete(const model::LeaseRef& lease,
                        const model::Outcome& outcome) override;

 private:
  void Travel();
  // Makes `call` (which returns a status) over the network.
  template <typename CallFunction>
  absl::Status Over(CallFunction call);

  Scheduler& scheduler_;
  FaultBudget& budget_;
  Monitor& monitor_;
  analyzer::queue::WorkQueue& queue_;
  base::Clock& analyzer_clock_;
  const model::AgentIdentity identity_;
};

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_SIM_WORK_CLIENT_H_
