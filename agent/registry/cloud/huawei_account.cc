#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "agent/registry/cloud/account.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/cloud/huawei_api.h"
#include "agent/registry/cloud/paging.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {
namespace {

constexpr uint64_t kPageSize = 100;

absl::StatusOr<nlohmann::json> GetList(HuaweiApi& api, std::string_view target,
                                       const char* key, std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              api.Get(target, what));
  LANDWAITER_ASSIGN_OR_RETURN(nlohmann::json json, JsonOf(response, what));
  if (!json.is_object() || !json.contains(key) || !json[key].is_array()) {
    return base::Failure(base::FailureCode::kNetworkError,
                         base::StrCat("the ", what, " cannot be read"),
                         "Protocol");
  }
  return json;
}

absl::Status AddShared(HuaweiApi& api, const std::string& region,
                       std::vector<Instance>& found) {
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              GetList(api, "/v2/manage/namespaces",
                                      "namespaces", "list of organizations"));
  if (json["namespaces"].empty()) return absl::OkStatus();
  const std::string name = base::StrCat("shared-", region);
  found.push_back(
      {.id = name,
       .name = name,
       .type = "SWR",
       .edition = "Shared",
       .region = region,
       .domain = base::StrCat("swr.", region, ".myhuaweicloud.com")});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> HuaweiProject(HuaweiApi& iam,
                                          const std::string& region) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json json,
      GetList(iam, base::StrCat("/v3/projects?name=", region), "projects",
              "list of projects"));
  for (const nlohmann::json& project : json["projects"]) {
    if (TextAt(project, "name") == region) return TextAt(project, "id");
  }
  return "";
}

absl::StatusOr<std::vector<Instance>> HuaweiEnterpriseInstances(
    HuaweiApi& api, const std::string& project, const std::string& region) {
  std::vector<Instance> found;
  ListPlace place{.of = "instances"};
  for (Step step = Step::kNext; step != Step::kEnd;) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const nlohmann::json json,
        GetList(api,
                base::StrCat("/v2/", http::EscapeComponent(project),
                             "/instances?limit=", kPageSize,
                             "&offset=", place.position),
                "instances", "list of instances"));
    const nlohmann::json& list = json["instances"];
    LANDWAITER_ASSIGN_OR_RETURN(
        step, TakeStep(list.size(), kPageSize,
                       static_cast<uint64_t>(
                           std::max<int64_t>(0, NumberAt(json, "total"))),
                       place));
    if (step == Step::kRestart) {
      found.clear();
      continue;
    }
    for (const nlohmann::json& entry : list) {
      std::string domain = TextAt(entry, "access_address");
      if (domain.starts_with("https://")) domain.erase(0, 8);
      // One that is being made has no address yet.
      if (domain.empty()) continue;
      found.push_back({.id = TextAt(entry, "id"),
                       .name = TextAt(entry, "name"),
                       .type = "SWR",
                       .edition = "Enterprise",
                       .region = region,
                       .domain = std::move(domain)});
    }
  }
  return found;
}

absl::StatusOr<std::vector<Instance>> HuaweiInstances(
    const Connection& connection, const std::string& region,
    base::Clock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection swr,
      ApiConnection(connection,
                    base::StrCat("swr-api.", region, ".myhuaweicloud.com")));
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection iam,
      ApiConnection(connection,
                    base::StrCat("iam.", region, ".myhuaweicloud.com")));
  HuaweiApi swr_api(swr, clock);
  HuaweiApi iam_api(iam, clock);
  std::vector<Instance> found;
  LANDWAITER_RETURN_IF_ERROR(AddShared(swr_api, region, found));
  LANDWAITER_ASSIGN_OR_RETURN(const std::string project,
                              HuaweiProject(iam_api, region));
  if (project.empty()) return found;
  LANDWAITER_ASSIGN_OR_RETURN(
      std::vector<Instance> enterprise,
      HuaweiEnterpriseInstances(swr_api, project, region));
  std::move(enterprise.begin(), enterprise.end(), std::back_inserter(found));
  return found;
}

}  // namespace landwaiter::agent::registry::cloud
