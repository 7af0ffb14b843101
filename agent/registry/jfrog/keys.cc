#include "agent/registry/jfrog/keys.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::jfrog {
namespace {

constexpr size_t kMaxKeys = 20000;

// Adds the repositories of one package type.
absl::Status AddKeys(ApiClient& api, std::string_view package, Keys& found) {
  const std::string what =
      base::StrCat("list of repositories of package type ", package);
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      api.Get(
          base::StrCat("/artifactory/api/repositories?packageType=", package)));
  // A server from before OCI repositories does not know the type.
  if (response.status == 400 && package == "oci") return absl::OkStatus();
  if (response.status != 200) return StatusFailure(response.status, what);
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json list,
                              JsonOf(response, what));
  if (!list.is_array() || list.size() > kMaxKeys) {
    return base::Failure(base::FailureCode::kNetworkError,
                         base::StrCat("the ", what, " cannot be read"),
                         "Protocol");
  }
  for (const nlohmann::json& entry : list) {
    const std::string type = base::ToLower(TextAt(entry, "type"));
    if (type == "virtual") continue;
    Key key{.name = TextAt(entry, "key"), .remote = type == "remote"};
    if (key.remote) key.name += "-cache";
    if (!model::IsValidRepository(key.name) || base::Contains(key.name, "/")) {
      found.unusable.push_back(base::Printable(key.name));
      continue;
    }
    key.prefix = base::StrCat("/artifactory/api/", package, "/", key.name);
    found.keys.push_back(std::move(key));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Keys> ListKeys(ApiClient& api) {
  Keys found;
  LANDWAITER_RETURN_IF_ERROR(AddKeys(api, "docker", found));
  LANDWAITER_RETURN_IF_ERROR(AddKeys(api, "oci", found));
  std::sort(found.keys.begin(), found.keys.end(),
            [](const Key& a, const Key& b) {
              return std::tie(a.remote, a.name) < std::tie(b.remote, b.name);
            });
  return found;
}

absl::StatusOr<bool> IsAdministrator(ApiClient& api,
                                     std::string_view username) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response configurations,
      api.Get("/artifactory/api/repositories/configurations"));
  switch (configurations.status) {
    case 200:
      return JsonOf(configurations, "the configurations of repositories").ok();
    case 403:
      return false;
    case 400:
    case 404:
      break;  // before 7.61.3 it is taken for the key of a repository
    default:
      return StatusFailure(configurations.status,
                           "configurations of repositories");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response user,
      api.Get(base::StrCat("/artifactory/api/security/users/",
                           http::EscapeComponent(username))));
  if (user.status == 403) return false;
  if (user.status != 200) return StatusFailure(user.status, "user");
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              JsonOf(user, "the user"));
  return TrueAt(json, "admin");
}

}  // namespace landwaiter::agent::registry::jfrog
