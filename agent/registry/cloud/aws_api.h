#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_AWS_API_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_AWS_API_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/clock.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::registry::cloud {

// ECR's API in one region, signed with the access key in the connection's
// credentials (docs.aws.amazon.com/AmazonECR/latest/APIReference).
// Thread-safe. Errors carry the codes of a connection, whoever asks, with
// AWS's own error as the cause.
class AwsApi {
 public:
  // Where the API of a region is; REQUIRES: IsRegion(region).
  static std::string HostOf(std::string_view region);

  // `connection` is one to that host (ApiConnection).
  AwsApi(const Connection& connection, const std::string& region,
         base::Clock& clock);

  // `action` is as AWS names it ("DescribeImages"), `body` is JSON.
  absl::StatusOr<nlohmann::json> Call(std::string_view action,
                                      std::string body);

 private:
  ApiClient client_;
};

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_AWS_API_H_
