#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_HUAWEI_API_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_HUAWEI_API_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/clock.h"
#include "core/http/client.h"

namespace landwaiter::agent::registry::cloud {

// One of Huawei Cloud's APIs, signed with the access key in the connection's
// credentials. Thread-safe. Errors carry the codes of a connection, as
// AlibabaApi's do; the cause is Huawei's own code ("APIGW.0301").
class HuaweiApi {
 public:
  // `connection` is that of ApiConnection: at the API's host.
  HuaweiApi(const Connection& connection, base::Clock& clock);

  // An answer of status 200 or 201.
  absl::StatusOr<http::Response> Send(std::string_view method,
                                      std::string_view target,
                                      std::string_view what);
  absl::StatusOr<http::Response> Get(std::string_view target,
                                     std::string_view what) {
    return Send("GET", target, what);
  }

 private:
  ApiClient client_;
};

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_HUAWEI_API_H_
