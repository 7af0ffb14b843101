#include "agent/job/discover.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "agent/job/job_config.h"
#include "agent/job/result.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"

namespace landwaiter::agent::job {
namespace {

using base::FailureCode;
using registry::cloud::Instance;

// What the operator knows of an account's failures.
absl::Status AsAccountFailure(const absl::Status& status) {
  switch (base::FailureCodeOf(status)) {
    case FailureCode::kFailedToVerifyUsernameOrPwd:
    case FailureCode::kUserDoesNotHaveAdminRole:
    case FailureCode::kRegistryVersionError:
    case FailureCode::kLimitExceeded:
      return status;
    default:
      return registry::AsConnectionFailure(status);
  }
}

nlohmann::json ToJson(const Instance& instance) {
  nlohmann::json json = {{"id", instance.id},
                         {"name", base::Printable(instance.name, 64)},
                         {"type", instance.type},
                         {"region", instance.region},
                         {"domain", instance.domain}};
  if (!instance.edition.empty()) json["edition"] = instance.edition;
  return json;
}

}  // namespace

nlohmann::json DiscoverResult(
    const absl::StatusOr<std::vector<Instance>>& instances) {
  if (!instances.ok()) return Failed(AsAccountFailure(instances.status()));
  nlohmann::json list = nlohmann::json::array();
  for (const Instance& instance : *instances) list.push_back(ToJson(instance));
  nlohmann::json result = {
      {"ok", true}, {"instances", std::move(list)}, {"message", ""}};
  const size_t size = TextOf(result).size();
  if (size <= kMaxResult) return result;
  return Failed(base::Failure(
      FailureCode::kLimitExceeded,
      base::StrCat("the account has ", instances->size(),
                   " registries in these regions, which take ", size,
                   " bytes to name, and a pod can tell ", kMaxResult,
                   ": spread the regions over several RegistryAccounts"),
      "terminationMessage"));
}

int RunDiscover(const RunOptions& options, base::Clock& clock,
                const std::string& api_url) {
  auto config = ReadAccountConfig(options.job_directory);
  if (!config.ok()) return Refuse(options.termination_log, config.status());
  config->connection.api_url = api_url;
  const auto instances = registry::cloud::FindInstances(
      config->provider, config->regions, config->connection, clock);
  if (absl::IsInvalidArgument(instances.status()) &&
      !base::HasFailureCode(instances.status())) {
    return Refuse(options.termination_log, instances.status());
  }
  const nlohmann::json result = DiscoverResult(instances);
  base::LogInfo("account searched",
                {{"account", config->name},
                 {"result", result.value("code", "ok")},
                 {"reason", result["message"].get<std::string>()}});
  WriteResult(options.termination_log, result);
  return kDone;
}

}  // namespace landwaiter::agent::job
