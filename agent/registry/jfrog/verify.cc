#include "agent/registry/jfrog/verify.h"

#include <nlohmann/json.hpp>

#include "agent/registry/jfrog/keys.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::jfrog {
namespace {

using base::Failure;
using base::FailureCode;

absl::Status BadCredentials(std::string_view message,
                            std::string_view cause = {}) {
  return Failure(FailureCode::kFailedToVerifyUsernameOrPwd, message, cause);
}

// What stopped a probe, as one of the connection's failures.
absl::Status Stopped(const absl::Status& status) {
  if (base::FailureCodeOf(status) == FailureCode::kUnauthorized) {
    return BadCredentials(base::ToStd(status.message()));
  }
  return AsConnectionFailure(status);
}

absl::StatusOr<http::Response> Probe(ApiClient& api, std::string_view target) {
  auto response = api.Get(target);
  if (!response.ok()) return Stopped(response.status());
  if (response->status == 401) {
    return BadCredentials("Artifactory refuses the user name or the password");
  }
  if (response->status == 200 && IsWebPage(*response)) {
    return Failure(FailureCode::kNetworkConnectError,
                   base::StrCat(target, " answers with a web page"),
                   "Protocol");
  }
  return response;
}

// "V2" for product version 2 and later.
absl::StatusOr<std::string> DetectVersion(ApiClient& api) {
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response ping,
                              Probe(api, "/artifactory/api/system/ping"));
  if (ping.status != 200 || base::Strip(ping.body) != "OK") {
    return WrongVersion(base::StrCat(
        "/artifactory/api/system/ping answers ", ping.status,
        ping.status == 200 ? " but not OK" : "",
        ": this is not JFrog Artifactory, or not the address of its platform"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              Probe(api, "/artifactory/api/system/version"));
  const auto json =
      nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  const std::string version = TextAt(json, "version");
  if (response.status != 200 || version.empty()) {
    return WrongVersion(base::StrCat("/artifactory/api/system/version answers ",
                                     response.status, " and names no version"));
  }
  const auto major = base::ParseUint64(version.substr(0, version.find('.')));
  return major && *major <= 1 ? "V1" : "V2";
}

// A registry that is open to everybody may answer a wrong password as it
// answers nobody: with what is public. Whether the account shows any more is
// the only thing that tells.
absl::StatusOr<bool> ShowsMoreThanNobodySees(const Connection& connection,
                                             ApiClient& api,
                                             base::Clock& clock) {
  ApiClient nobody(
      connection, std::make_unique<FixedAuthorization>(http::Headers{}), clock);
  const auto open = ListKeys(nobody);
  if (!open.ok()) {
    if (base::FailureCodeOf(open.status()) == FailureCode::kUnauthorized) {
      return true;  // it is not open: credentials count
    }
    return Stopped(open.status());
  }
  const auto own = ListKeys(api);
  if (!own.ok()) return Stopped(own.status());
  return own->keys.size() > open->keys.size();
}

absl::Status CheckAccount(const Connection& connection, ApiClient& api,
                          base::Clock& clock) {
  if (connection.credentials.empty()) {
    return BadCredentials("Artifactory needs an administrator's account");
  }
  const auto admin = IsAdministrator(api, connection.credentials.username);
  if (!admin.ok()) return Stopped(admin.status());
  if (*admin) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(const bool counts,
                              ShowsMoreThanNobodySees(connection, api, clock));
  if (!counts) {
    return BadCredentials(
        "Artifactory is open to everybody and shows the account nothing more "
        "than it shows anybody: the user name or the password is wrong, or the "
        "account may see no private repository",
        "Anonymous");
  }
  return MissingAdminRole(
      "the account is no administrator of Artifactory (option "
      "Administer Platform)");
}

std::string NoteOn(const Keys& keys) {
  if (!keys.unusable.empty()) {
    std::string note = "not listed, since no image can have such a name:";
    for (size_t i = 0; i < keys.unusable.size() && i < 10; ++i) {
      base::StrAppend(&note, i == 0 ? " " : ", ", keys.unusable[i]);
    }
    return note;
  }
  return keys.keys.empty()
             ? "Artifactory has no repository of package type Docker or OCI"
             : "";
}

}  // namespace

absl::StatusOr<Verification> Verify(const Connection& connection,
                                    ApiClient& api, base::Clock& clock) {
  Verification verification;
  LANDWAITER_ASSIGN_OR_RETURN(verification.detected_version,
                              DetectVersion(api));
  if (!connection.version.empty() &&
      connection.version != verification.detected_version) {
    return Failure(FailureCode::kRegistryVersionError,
                   base::StrCat("Artifactory is of version ",
                                verification.detected_version, ", not ",
                                connection.version),
                   verification.detected_version);
  }
  LANDWAITER_RETURN_IF_ERROR(CheckAccount(connection, api, clock));
  const auto keys = ListKeys(api);
  if (!keys.ok()) return Stopped(keys.status());
  verification.note = NoteOn(*keys);
  return verification;
}

}  // namespace landwaiter::agent::registry::jfrog
