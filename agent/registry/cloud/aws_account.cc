#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/cloud/account.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/cloud/aws_api.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {
absl::StatusOr<std::vector<Instance>> AwsInstances(const Connection& connection,
                                                   const std::string& region,
                                                   base::Clock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection api, ApiConnection(connection, AwsApi::HostOf(region)));
  AwsApi client(api, region, clock);
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json repositories,
      client.Call("DescribeRepositories", R"({"maxResults":1})"));
  std::vector<Instance> found;
  if (!repositories.contains("repositories") ||
      !repositories["repositories"].is_array() ||
      repositories["repositories"].empty()) {
    return found;
  }
  // Its answer names the registry's address; the token is not wanted.
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json token,
                              client.Call("GetAuthorizationToken", "{}"));
  std::string domain;
  if (token.contains("authorizationData") &&
      token["authorizationData"].is_array() &&
      !token["authorizationData"].empty()) {
    domain = TextAt(token["authorizationData"][0], "proxyEndpoint");
  }
  if (domain.starts_with("https://")) domain.erase(0, 8);
  const std::string account = domain.substr(0, domain.find('.'));
  found.push_back({.id = base::StrCat(account, ".", region),
                   .name = account,
                   .type = "ECR",
                   .region = region,
                   .domain = std::move(domain)});
  return found;
}

}  // namespace landwaiter::agent::registry::cloud
