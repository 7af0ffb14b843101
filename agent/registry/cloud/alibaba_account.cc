#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/registry/cloud/account.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/cloud/paging.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {
namespace {

constexpr uint64_t kPageSize = 100;

// The system's own name of the instance: on the internet if it has one there.
absl::StatusOr<std::string> DomainOf(AlibabaApi& api,
                                     const std::string& instance_id) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json answer,
      api.Call("ListInstanceEndpoint",
               {{"InstanceId", instance_id}, {"ModuleName", "Registry"}}));
  std::string domain;
  if (!answer.contains("Endpoints") || !answer["Endpoints"].is_array()) {
    return domain;
  }
  for (const nlohmann::json& endpoint : answer["Endpoints"]) {
    const bool internet = TextAt(endpoint, "EndpointType") == "internet";
    if (!TrueAt(endpoint, "Enable") || (!internet && !domain.empty()) ||
        !endpoint.contains("Domains") || !endpoint["Domains"].is_array()) {
      continue;
    }
    for (const nlohmann::json& entry : endpoint["Domains"]) {
      if (TextAt(entry, "Type") == "SYSTEM") domain = TextAt(entry, "Domain");
    }
  }
  return domain;
}

absl::Status AddEnterprise(AlibabaApi& api, const std::string& region,
                           std::vector<Instance>& found) {
  ListPlace place{.of = "instances"};
  for (Step step = Step::kNext; step != Step::kEnd;) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const nlohmann::json answer,
        api.Call("ListInstance",
                 {{"PageNo", base::StrCat(place.position / kPageSize + 1)},
                  {"PageSize", base::StrCat(kPageSize)}}));
    nlohmann::json list = nlohmann::json::array();
    if (answer.contains("Instances") && answer["Instances"].is_array()) {
      list = answer["Instances"];
    }
    const uint64_t total =
        base::ParseUint64(TextAt(answer, "TotalCount"))
            .value_or(static_cast<uint64_t>(
                std::max<int64_t>(0, NumberAt(answer, "TotalCount"))));
    LANDWAITER_ASSIGN_OR_RETURN(step,
                                TakeStep(list.size(), kPageSize, total, place));
    if (step == Step::kRestart) {
      found.clear();
      continue;
    }
    for (const nlohmann::json& entry : list) {
      const std::string id = TextAt(entry, "InstanceId");
      LANDWAITER_ASSIGN_OR_RETURN(std::string domain, DomainOf(api, id));
      // One that is being made has no address yet.
      if (domain.empty()) continue;
      found.push_back({.id = id,
                       .name = TextAt(entry, "InstanceName"),
                       .type = "ACR",
                       .edition = "Enterprise",
                       .region = region,
                       .domain = std::move(domain)});
    }
  }
  return absl::OkStatus();
}

absl::Status AddPersonal(AlibabaApi& api, const std::string& region,
                         std::vector<Instance>& found) {
  const auto answer = api.Get("/namespace");
  // The account never activated the edition in this region.
  if (!answer.ok() &&
      base::FailureCodeOf(answer.status()) == base::FailureCode::kNotFound) {
    return absl::OkStatus();
  }
  if (!answer.ok()) return answer.status();
  const auto data = answer->find("data");
  if (data == answer->end() || !data->is_object() ||
      !data->contains("namespaces") || !(*data)["namespaces"].is_array() ||
      (*data)["namespaces"].empty()) {
    return absl::OkStatus();
  }
  const std::string name = base::StrCat("personal-", region);
  found.push_back(
      {.id = name,
       .name = name,
       .type = "ACR",
       .edition = "Personal",
       .region = region,
       .domain = base::StrCat("registry.", region, ".aliyuncs.com")});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Instance>> AlibabaInstances(
    const Connection& connection, const std::string& region,
    base::Clock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto api,
                              AlibabaApi::New(connection, region, clock));
  std::vector<Instance> found;
  LANDWAITER_RETURN_IF_ERROR(AddEnterprise(*api, region, found));
  LANDWAITER_RETURN_IF_ERROR(AddPersonal(*api, region, found));
  return found;
}

}  // namespace landwaiter::agent::registry::cloud
