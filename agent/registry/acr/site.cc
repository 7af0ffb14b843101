#include "agent/registry/acr/site.h"

#include <optional>

#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/oci/challenge.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::acr {
namespace {

// "registry.aliyuncs.com:<region>:<uid or cri-...>".
std::optional<Site> ReadService(std::string_view service) {
  const auto parts = base::Split(service, ':');
  if (parts.size() != 3 || !parts[0].ends_with("aliyuncs.com") ||
      !cloud::IsRegion(parts[1])) {
    return std::nullopt;
  }
  Site site{.region = std::string(parts[1])};
  site.enterprise = parts[2].starts_with("cri-");
  if (site.enterprise) site.instance_id = std::string(parts[2]);
  return site;
}

absl::Status CheckAgainst(const Connection& connection, const Site& site) {
  if (connection.version == "V1") {
    return base::Failure(base::FailureCode::kRegistryVersionError,
                         "the registry is of version V2, not V1", "V2");
  }
  if (!connection.edition.empty() && connection.edition != site.Edition()) {
    return WrongVersion(base::StrCat("the registry is of the ", site.Edition(),
                                     " edition, not ", connection.edition));
  }
  if (site.enterprise && !connection.instance_id.empty() &&
      connection.instance_id != site.instance_id) {
    return WrongVersion(base::StrCat("the registry is of instance ",
                                     site.instance_id, ", not ",
                                     connection.instance_id));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Site> FindSite(const Connection& connection,
                              base::Clock& clock) {
  ApiClient client(
      connection, std::make_unique<FixedAuthorization>(http::Headers{}), clock);
  const auto root = client.Get("/v2/");
  if (!root.ok()) return AsConnectionFailure(root.status());
  if (root->status == 200 && IsWebPage(*root)) {
    return UnexpectedAnswer("/v2/ (with a web page)", root->status);
  }
  for (const oci::Challenge& challenge : oci::ReadChallenges(root->headers)) {
    const auto site = ReadService(challenge.Parameter("service"));
    if (!site) continue;
    const absl::Status matches = CheckAgainst(connection, *site);
    if (!matches.ok()) return matches;
    return *site;
  }
  return WrongVersion(
      "/v2/ does not ask for a login of Alibaba Cloud: this is no registry of "
      "ACR");
}

}  // namespace landwaiter::agent::registry::acr
