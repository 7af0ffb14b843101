#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_ACCOUNT_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_ACCOUNT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::cloud {

class HuaweiApi;

// A registry in a cloud account; the fields are those of the contract in
// docs/scan-job.md (`discover`).
struct Instance {
  std::string id;
  std::string name;
  std::string type;     // of an ImageRegistry
  std::string edition;  // may be empty
  std::string region;
  std::string domain;
};

// Whether FindInstances knows a provider of this name.
bool IsProvider(std::string_view provider);

// All registries of the account in these regions, sorted by region and id.
// A registry that a cloud has one a region, unasked, counts once there is
// something in it. The key is `connection`'s credentials; of the rest of it,
// proxy, TLS, address policy and api_url apply.
//
// Never a part: an error where any region cannot be listed, with the codes of
// a connection (FailedToVerifyUsernameOrPwd, UserDoesNotHaveAdminRole,
// NetworkConnectError), RateLimited or LimitExceeded. INVALID_ARGUMENT for a
// provider or region that is none.
absl::StatusOr<std::vector<Instance>> FindInstances(
    std::string_view provider, const std::vector<std::string>& regions,
    const Connection& connection, base::Clock& clock);

// Those of one region and provider.
absl::StatusOr<std::vector<Instance>> AlibabaInstances(
    const Connection& connection, const std::string& region,
    base::Clock& clock);
absl::StatusOr<std::vector<Instance>> HuaweiInstances(
    const Connection& connection, const std::string& region,
    base::Clock& clock);
absl::StatusOr<std::vector<Instance>> AwsInstances(const Connection& connection,
                                                   const std::string& region,
                                                   base::Clock& clock);

// The id of the project that a region of Huawei's is; empty if the account has
// none. `iam` is the API at iam.<region>.
absl::StatusOr<std::string> HuaweiProject(HuaweiApi& iam,
                                          const std::string& region);
// The instances of SWR's Enterprise edition in a project that have an address.
absl::StatusOr<std::vector<Instance>> HuaweiEnterpriseInstances(
    HuaweiApi& api, const std::string& project, const std::string& region);

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_ACCOUNT_H_
