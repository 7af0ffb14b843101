#ifndef LANDWAITER_TESTS_SIMULATION_SIM_CONTROL_CLIENT_H_
#define LANDWAITER_TESTS_SIMULATION_SIM_CONTROL_CLIENT_H_

#include <string>
#include <vector>

#include "analyzer/queue/task_control.h"
#include "operator/analyzer/control_client.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/scheduler.h"

namespace landwaiter::simulation {

// The network between the operator and the analyzer: calls take time, and
// are lost on the way there or back. Nothing is tried again here.
class SimControlClient : public control::ControlClient {
 public:
  SimControlClient(Scheduler& scheduler, FaultBudget& budget,
                   analyzer::queue::TaskControl& control)
      : scheduler_(scheduler), budget_(budget), control_(control) {}

  absl::Status ApplyRegistry(const model::Tenant& tenant,
                             const model::RegistrySpec& registry) override;
  absl::Status DeleteRegistry(const model::Tenant& tenant,
                              const std::string& uid) override;
  absl::StatusOr<model::RegistryStatus> GetRegistry(
      const model::Tenant& tenant, const std::string& uid) override;
  absl::StatusOr<model::TaskStatus> ApplyTask(
      const model::Tenant& tenant, const model::TaskSpec& task) override;
  absl::StatusOr<model::TaskStatus> GetTask(const model::Tenant& tenant,
                                            const std::string& uid) override;
  absl::Status CancelTask(const model::Tenant& tenant,
                          const std::string& uid) override;
  absl::Status DeleteTask(const model::Tenant& tenant,
                          const std::string& uid) override;
  absl::StatusOr<std::vector<model::RegistryWork>> ListWork() override;
  absl::StatusOr<std::vector<std::string>> ListEgressAddresses(
      const model::Tenant& tenant, const std::string& cluster) override;
  absl::StatusOr<model::AgentToken> IssueAgentToken(
      const model::Tenant& tenant, const std::string& cluster,
      const std::string& registry_uid) override;
  // The simulation passes changes on by itself.
  absl::Status WatchChanges(
      absl::FunctionRef<bool(const model::Change&)> on_change) override;

 private:
  // Makes `call`, which returns a Status or StatusOr.
  template <typename CallFunction>
  auto Over(CallFunction call) -> decltype(call());

  Scheduler& scheduler_;
  FaultBudget& budget_;
  analyzer::queue::TaskControl& control_;
};

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_SIM_CONTROL_CLIENT_H_
