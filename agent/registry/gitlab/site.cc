#include "agent/registry/gitlab/site.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/authorizer.h"
#include "agent/registry/oci/challenge.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using base::Failure;
using base::FailureCode;

constexpr std::string_view kTokenPath = "/jwt/auth";
constexpr std::string_view kApi = "/api/v4";

absl::Status NoGitLab(std::string_view why) {
  return WrongVersion(base::StrCat("this is not a GitLab: ", why));
}

absl::StatusOr<http::Response> Ask(const Connection& connection,
                                   const http::Url& origin,
                                   std::string_view target,
                                   base::Clock& clock) {
  Connection anonymous;
  anonymous.http = OptionsForOrigin(connection.http, origin);
  ApiClient client(std::move(anonymous),
                   std::make_unique<FixedAuthorization>(http::Headers()),
                   clock);
  return client.Get(target);
}

// GitLab answers this in JSON, with 401 to whoever has not logged in.
bool IsGitLab(const http::Response& metadata) {
  if (metadata.status != 200 && metadata.status != 401) return false;
  const auto json = JsonOf(metadata, "GitLab's version");
  if (!json.ok()) return false;
  return !TextAt(*json, "version").empty() ||
         base::Contains(TextAt(*json, "message"), "401");
}

// The GitLab that the registry at `url` sends its users to for tokens.
absl::StatusOr<http::Url> TokenServerOf(const http::Url& url,
                                        const http::Response& root) {
  for (const oci::Challenge& challenge : oci::ReadChallenges(root.headers)) {
    if (challenge.scheme != "bearer") continue;
    const auto realm = http::Url::Parse(challenge.Parameter("realm"));
    if (!realm.ok() || !realm->target.ends_with(kTokenPath)) continue;
    if (!oci::IsTrustedRealm(url, *realm)) {
      return WrongVersion(
          base::StrCat("the registry names ", realm->Origin(),
                       " as its GitLab, which is not of its domain: give "
                       "GitLab's own address instead of the registry's"));
    }
    return *realm;
  }
  return NoGitLab("its registry does not send to a GitLab for tokens");
}

}  // namespace

bool IsBan(const http::Response& response) {
  return response.status == 403 &&
         nlohmann::json::parse(response.body, nullptr, false).is_discarded();
}

absl::Status BanFailure() {
  return base::WithRetryAfter(
      Failure(FailureCode::kRateLimited,
              "GitLab refuses this address altogether; it does so for 15 "
              "minutes after too many failed logins"),
      absl::Minutes(15));
}

absl::StatusOr<Site> FindSite(const Connection& connection,
                              base::Clock& clock) {
  const http::Url& base = connection.http.base;
  const std::string metadata = base::StrCat(kApi, "/metadata");
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response answer,
                              Ask(connection, base, metadata, clock));
  if (IsGitLab(answer)) {
    return Site{.gitlab = base, .api = std::string(kApi)};
  }
  if (IsBan(answer)) return BanFailure();
  if (answer.status == 200) {
    return Failure(FailureCode::kNetworkConnectError,
                   "what answers is not GitLab's API, but a web page or a "
                   "portal on the way",
                   "Protocol");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response root,
                              Ask(connection, base, "/v2/", clock));
  if (root.status != 401) {
    return NoGitLab(base::StrCat(kApi, " answers ", answer.status, " and /v2/ ",
                                 root.status));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Url realm, TokenServerOf(base, root));
  Site site{.gitlab = realm, .registry = base};
  site.gitlab.target.clear();
  // In front of /jwt/auth stands the path below which GitLab is installed.
  site.api = base::StrCat(
      realm.target.substr(0, realm.target.size() - kTokenPath.size()), kApi);
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response there,
      Ask(connection, site.gitlab, base::StrCat(site.api, "/metadata"), clock));
  if (IsBan(there)) return BanFailure();
  if (!IsGitLab(there)) {
    return NoGitLab(base::StrCat(site.gitlab.Origin(), site.api, " answers ",
                                 there.status));
  }
  return site;
}

absl::StatusOr<http::Url> RegistryAt(const http::Url& gitlab,
                                     std::string_view location,
                                     std::string_view path) {
  const std::string suffix = base::StrCat("/", path);
  if (location.ends_with(suffix)) {
    location.remove_suffix(suffix.size());
    auto url =
        http::Url::Parse(base::StrCat(gitlab.scheme, "://", location, "/"));
    if (url.ok() && url->target == "/") {
      url->target.clear();
      return url;
    }
  }
  return Failure(
      FailureCode::kNetworkError,
      base::StrCat("GitLab gives the repository ", base::Printable(path),
                   " a place that cannot be read"),
      "Protocol");
}

}  // namespace landwaiter::agent::registry::gitlab
