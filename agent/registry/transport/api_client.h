#ifndef LANDWAITER_AGENT_REGISTRY_TRANSPORT_API_CLIENT_H_
#define LANDWAITER_AGENT_REGISTRY_TRANSPORT_API_CLIENT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/transport/authorization.h"
#include "agent/registry/transport/transport.h"
#include "core/base/clock.h"
#include "core/http/client.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::registry {

// A vendor's JSON API: Harbor's, Quay's, GitLab's ... Thread-safe.
class ApiClient {
 public:
  static constexpr uint64_t kMaxBody = uint64_t{8} << 20;

  // For the origin connection.http.base.
  ApiClient(Connection connection, std::unique_ptr<Authorization> authorization,
            base::Clock& clock);

  // The final answer, with any status below 500 but 429 (a 401 too, unless
  // the authorization answers it). Redirects within the origin are followed
  // for GET; one that leads elsewhere is NetworkError with cause Redirect.
  // Errors and retries as Transport has them.
  absl::StatusOr<http::Response> Send(http::Request request,
                                      uint64_t max_body = kMaxBody);
  absl::StatusOr<http::Response> Get(std::string_view target,
                                     uint64_t max_body = kMaxBody);
  // The JSON of a GET that must be answered with 200. `what` names it in
  // errors ("the list of projects").
  absl::StatusOr<nlohmann::json> GetJson(std::string_view target,
                                         std::string_view what);

 private:
  const Connection connection_;
  const std::unique_ptr<Authorization> authorization_;
  Transport transport_;
};

// The JSON in a body, whatever its Content-Type says (some servers say
// text/plain). NetworkError with cause Protocol if it is none, as when a
// portal or a proxy answers 200 with a web page; LimitExceeded (jsonDepth)
// beyond 128 levels.
absl::StatusOr<nlohmann::json> JsonOf(const http::Response& response,
                                      std::string_view what);

// The failure for a status that is no success: Unauthorized for 401 and 403,
// NotFound for 404, else NetworkError with cause Protocol.
absl::Status StatusFailure(int status, std::string_view what);

// Whether the body is a web page by its type or its first characters.
bool IsWebPage(const http::Response& response);

// Members of an object, tolerant of absence: empty, zero or false if `key` is
// missing or of another type.
std::string TextAt(const nlohmann::json& object, const char* key);
int64_t NumberAt(const nlohmann::json& object, const char* key);
bool TrueAt(const nlohmann::json& object, const char* key);

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TRANSPORT_API_CLIENT_H_
