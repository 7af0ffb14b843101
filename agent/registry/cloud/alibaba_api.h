#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_ALIBABA_API_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_ALIBABA_API_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/connection.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/clock.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::registry::cloud {

// Whether `region` is an id of a region as clouds write them ("cn-hangzhou"):
// nothing else may become a part of a host's name.
bool IsRegion(std::string_view region);

// `connection` for a cloud's API at `host`, or at connection.api_url: what is
// meant for the registry's own address does not go there.
absl::StatusOr<Connection> ApiConnection(Connection connection,
                                         std::string_view host);

// Alibaba Cloud's API of container registries in one region, signed with the
// access key in the connection's credentials. Thread-safe.
//
// Errors carry the codes of a connection, whoever asks: what Alibaba says of
// the key (FailedToVerifyUsernameOrPwd), of rights (UserDoesNotHaveAdminRole),
// of the API's version (RegistryVersionError); NetworkConnectError with cause
// ClockSkew if the signature's time is refused; NotFound; RateLimited, after
// some patience. A `cause` is Alibaba's own code.
class AlibabaApi {
 public:
  // REQUIRES: IsRegion(region).
  static absl::StatusOr<std::unique_ptr<AlibabaApi>> New(
      const Connection& connection, std::string_view region,
      base::Clock& clock);

  // A call of the Enterprise edition's API (RPC, 2018-12-01). `IsSuccess` is
  // true in the answer.
  absl::StatusOr<nlohmann::json> Call(
      std::string_view action, std::map<std::string, std::string> parameters);
  // A GET of the Personal edition's API (ROA, 2016-06-07).
  absl::StatusOr<nlohmann::json> Get(std::string_view target);

 private:
  AlibabaApi(const Connection& connection, base::Clock& clock);
  absl::StatusOr<nlohmann::json> Send(ApiClient& client,
                                      const std::string& target,
                                      std::string_view what);
  bool Pace();

  base::Clock& clock_;
  ApiClient rpc_;
  ApiClient roa_;
  absl::Mutex mutex_;
  absl::Time next_call_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_ALIBABA_API_H_
