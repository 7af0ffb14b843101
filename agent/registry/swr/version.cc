#include "agent/registry/swr/version.h"

#include <nlohmann/json.hpp>

#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"

namespace landwaiter::agent::registry::swr {

absl::Status CheckVersion(ApiClient& api, std::string_view said) {
  const auto root = api.Get("/");
  if (!root.ok()) return AsConnectionFailure(root.status());
  if (root->status == 200 && IsWebPage(*root)) {
    return UnexpectedAnswer("the API (with a web page)", root->status);
  }
  bool known = false;
  const auto json = nlohmann::json::parse(root->body, nullptr, false);
  if (json.is_object() && json.contains("versions") &&
      json["versions"].is_array()) {
    for (const nlohmann::json& entry : json["versions"]) {
      known = known || TextAt(entry, "id").starts_with("v2");
    }
  }
  if (!known) {
    return WrongVersion("the API names no version v2: this is not SWR");
  }
  if (said != "V1") return absl::OkStatus();
  return base::Failure(base::FailureCode::kRegistryVersionError,
                       "SWR is of version V2, not V1", "V2");
}

}  // namespace landwaiter::agent::registry::swr
