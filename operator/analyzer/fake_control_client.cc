#include "operator/analyzer/fake_control_client.h"

#include "core/base/failure.h"

namespace landwaiter::control {

absl::Status FakeControlClient::ApplyRegistry(
    const model::Tenant&, const model::RegistrySpec& registry) {
  LANDWAITER_RETURN_IF_ERROR(down);
  registries[registry.uid] = registry;
  return absl::OkStatus();
}

absl::Status FakeControlClient::DeleteRegistry(const model::Tenant&,
                                               const std::string& uid) {
  LANDWAITER_RETURN_IF_ERROR(down);
  return registries.erase(uid) > 0 ? absl::OkStatus()
                                   : absl::NotFoundError("no such registry");
}

absl::StatusOr<model::RegistryStatus> FakeControlClient::GetRegistry(
    const model::Tenant&, const std::string& uid) {
  LANDWAITER_RETURN_IF_ERROR(down);
  if (!registries.contains(uid)) {
    return absl::NotFoundError("no such registry");
  }
  return registry_status[uid];
}

absl::StatusOr<model::TaskStatus> FakeControlClient::ApplyTask(
    const model::Tenant&, const model::TaskSpec& task) {
  LANDWAITER_RETURN_IF_ERROR(down);
  if (tasks.try_emplace(task.uid, task).second) {
    model::TaskStatus& status = task_status[task.uid];
    status.phase = model::TaskPhase::kPending;
    status.start = absl::FromUnixSeconds(1'700'000'000);
    status.deadline = status.start + task.timeout;
  }
  return task_status[task.uid];
}

absl::StatusOr<model::TaskStatus> FakeControlClient::GetTask(
    const model::Tenant&, const std::string& uid) {
  LANDWAITER_RETURN_IF_ERROR(down);
  if (!tasks.contains(uid)) return absl::NotFoundError("no such task");
  return task_status[uid];
}

absl::Status FakeControlClient::CancelTask(const model::Tenant&,
                                           const std::string& uid) {
  LANDWAITER_RETURN_IF_ERROR(down);
  if (!tasks.contains(uid)) return absl::NotFoundError("no such task");
  task_status[uid].phase = model::TaskPhase::kCancelled;
  return absl::OkStatus();
}

absl::Status FakeControlClient::DeleteTask(const model::Tenant&,
                                           const std::string& uid) {
  LANDWAITER_RETURN_IF_ERROR(down);
  return tasks.erase(uid) > 0 ? absl::OkStatus()
                              : absl::NotFoundError("no such task");
}

absl::StatusOr<std::vector<model::RegistryWork>> FakeControlClient::ListWork() {
  LANDWAITER_RETURN_IF_ERROR(down);
  return work;
}

absl::StatusOr<std::vector<std::string>> FakeControlClient::ListEgressAddresses(
    const model::Tenant&, const std::string& cluster) {
  LANDWAITER_RETURN_IF_ERROR(down);
  return egress[cluster];
}

absl::StatusOr<model::AdvisoriesStatus> FakeControlClient::ApplyAdvisories(
    const model::AdvisorySettings& settings) {
  LANDWAITER_RETURN_IF_ERROR(down);
  advisories = settings;
  return advisories_status;
}

absl::StatusOr<model::AgentToken> FakeControlClient::IssueAgentToken(
    const model::Tenant&, const std::string&, const std::string&) {
  LANDWAITER_RETURN_IF_ERROR(down);
  ++tokens_issued;
  return model::AgentToken{"token-canary",
                           absl::FromUnixSeconds(1'800'000'000)};
}

absl::Status FakeControlClient::WatchChanges(
    absl::FunctionRef<bool(const model::Change&)> on_change) {
  LANDWAITER_RETURN_IF_ERROR(down);
  on_change(model::Change());
  return absl::OkStatus();
}

}  // namespace landwaiter::control
