#include "tests/simulation/sim_control_client.h"

namespace landwaiter::simulation {

template <typename CallFunction>
auto SimControlClient::Over(CallFunction call) -> decltype(call()) {
  const auto travel = [&] {
    scheduler_.SleepUntil(scheduler_.now() +
                          absl::Milliseconds(1 + scheduler_.Draw(30)));
  };
  travel();
  if (scheduler_.Chance(budget_.network)) {
    return absl::UnavailableError("lost on the way");
  }
  auto result = call();
  travel();
  if (scheduler_.Chance(budget_.network)) {
    return absl::UnavailableError("the answer is lost");
  }
  return result;
}

absl::Status SimControlClient::ApplyRegistry(
    const model::Tenant& tenant, const model::RegistrySpec& registry) {
  return Over([&] { return control_.ApplyRegistry(tenant, registry); });
}

absl::Status SimControlClient::DeleteRegistry(const model::Tenant& tenant,
                                              const std::string& uid) {
  return Over([&] { return control_.DeleteRegistry(tenant, uid); });
}

absl::StatusOr<model::RegistryStatus> SimControlClient::GetRegistry(
    const model::Tenant& tenant, const std::string& uid) {
  return Over([&] { return control_.GetRegistry(tenant, uid); });
}

absl::StatusOr<model::TaskStatus> SimControlClient::ApplyTask(
    const model::Tenant& tenant, const model::TaskSpec& task) {
  return Over([&] { return control_.ApplyTask(tenant, task); });
}

absl::StatusOr<model::TaskStatus> SimControlClient::GetTask(
    const model::Tenant& tenant, const std::string& uid) {
  return Over([&] { return control_.GetTask(tenant, uid); });
}

absl::Status SimControlClient::CancelTask(const model::Tenant& tenant,
                                          const std::string& uid) {
  return Over([&] { return control_.CancelTask(tenant, uid); });
}

absl::Status SimControlClient::DeleteTask(const model::Tenant& tenant,
                                          const std::string& uid) {
  return Over([&] { return control_.DeleteTask(tenant, uid); });
}

absl::StatusOr<std::vector<model::RegistryWork>> SimControlClient::ListWork() {
  return Over([&] { return control_.ListWork(); });
}

absl::StatusOr<std::vector<std::string>> SimControlClient::ListEgressAddresses(
    const model::Tenant&, const std::string&) {
  return Over([]() -> absl::StatusOr<std::vector<std::string>> {
    return std::vector<std::string>{"203.0.113.7"};
  });
}

absl::StatusOr<model::AgentToken> SimControlClient::IssueAgentToken(
    const model::Tenant&, const std::string&, const std::string&) {
  return Over([&]() -> absl::StatusOr<model::AgentToken> {
    return model::AgentToken{"token", scheduler_.now() + absl::Minutes(15)};
  });
}

absl::Status SimControlClient::WatchChanges(
    absl::FunctionRef<bool(const model::Change&)>) {
  return absl::UnimplementedError("changes come by SimOperator::Pass");
}

}  // namespace landwaiter::simulation
