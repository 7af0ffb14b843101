#ifndef LANDWAITER_OPERATOR_ANALYZER_FAKE_CONTROL_CLIENT_H_
#define LANDWAITER_OPERATOR_ANALYZER_FAKE_CONTROL_CLIENT_H_

#include <map>
#include <string>
#include <vector>

#include "operator/analyzer/advisory_client.h"
#include "operator/analyzer/control_client.h"

namespace landwaiter::control {

// An analyzer that does nothing but remember; a test plays its part by setting
// the fields. Keys are uids. Not thread-safe.
class FakeControlClient : public ControlClient, public AdvisoryClient {
 public:
  std::map<std::string, model::RegistrySpec> registries;
  std::map<std::string, model::RegistryStatus> registry_status;
  std::map<std::string, model::TaskSpec> tasks;
  std::map<std::string, model::TaskStatus> task_status;
  std::vector<model::RegistryWork> work;
  int tokens_issued = 0;
  std::map<std::string, std::vector<std::string>> egress;  // by cluster
  model::AdvisorySettings advisories;
  model::AdvisoriesStatus advisories_status;
  // What every call returns while it is not OK.
  absl::Status down;

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
  absl::StatusOr<model::AdvisoriesStatus> ApplyAdvisories(
      const model::AdvisorySettings& settings) override;
  absl::Status WatchChanges(
      absl::FunctionRef<bool(const model::Change&)> on_change) override;
};

}  // namespace landwaiter::control

#endif  // LANDWAITER_OPERATOR_ANALYZER_FAKE_CONTROL_CLIENT_H_
