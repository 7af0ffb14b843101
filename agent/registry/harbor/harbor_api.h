#ifndef LANDWAITER_AGENT_REGISTRY_HARBOR_HARBOR_API_H_
#define LANDWAITER_AGENT_REGISTRY_HARBOR_HARBOR_API_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/registry/connection.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/clock.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::registry::harbor {

enum class Version { kV1, kV2 };

// One page of a Harbor list.
struct ListPage {
  std::string body;              // a JSON list
  std::optional<int64_t> total;  // X-Total-Count
  absl::Time date;               // the server's; InfinitePast if it tells none
};

// What the listings and the check need of either API. Wrong credentials do not
// make Harbor refuse: it answers what everybody may see, so whoever lists
// checks the login before and after. Thread-safe.
class HarborApi {
 public:
  HarborApi(Connection connection, base::Clock& clock);

  // Asks the server unless it is known already. Errors are connection codes:
  // RegistryVersionError for what is no Harbor.
  absl::StatusOr<Version> DetectVersion();

  // "/api/v2.0" or "/api".
  static std::string_view Prefix(Version version);

  // Any answer with a status below 500. Project names that are numbers are
  // read as names.
  absl::StatusOr<http::Response> Get(std::string_view target);
  // A list; Unauthorized, NotFound or NetworkError for other statuses than
  // 200.
  absl::StatusOr<ListPage> GetList(std::string_view target,
                                   std::string_view what);

  // Whether the account is who it says: OK, or FailedToVerifyUsernameOrPwd; or
  // NetworkConnectError if the server cannot tell because a part of it is
  // down. A refusal is asked a second time after a pause, since Harbor also
  // refuses right passwords for a moment after a wrong one.
  struct Login {
    bool is_robot = false;
    // nullopt where Harbor does not tell: robots, OIDC accounts.
    std::optional<bool> is_admin;
  };
  absl::StatusOr<Login> CheckLogin(Version version);

 private:
  absl::StatusOr<Login> AskWhoIAm(Version version);
  absl::StatusOr<Login> AskForToken(bool is_robot);
  absl::StatusOr<bool> UsesOidc(Version version);
  absl::Status CheckHealth(Version version);

  const Credentials credentials_;
  base::Clock& clock_;
  ApiClient client_;
  absl::Mutex mutex_;
  std::optional<Version> version_ ABSL_GUARDED_BY(mutex_);
};

// The JSON list in a page.
absl::StatusOr<nlohmann::json> ElementsOf(const ListPage& page,
                                          std::string_view what);

}  // namespace landwaiter::agent::registry::harbor

#endif  // LANDWAITER_AGENT_REGISTRY_HARBOR_HARBOR_API_H_
