#include "agent/registry/harbor/harbor_api.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/transport/authorization.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::harbor {
namespace {

using base::Failure;
using base::FailureCode;

// How long Harbor refuses an account after a wrong password, and a bit.
constexpr absl::Duration kLoginLock = absl::Seconds(3);
constexpr std::string_view kNoScopeToken =
    "/service/token?service=harbor-registry";

bool IsWrongCredentials(const absl::Status& status) {
  return !status.ok() && base::FailureCodeOf(status) ==
                             FailureCode::kFailedToVerifyUsernameOrPwd;
}

absl::Time DateOf(const http::Headers& headers) {
  const std::string* text = http::FindHeader(headers, "Date");
  absl::Time date;
  std::string error;
  if (text == nullptr ||
      !absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", *text, &date, &error)) {
    return absl::InfinitePast();
  }
  return date;
}

}  // namespace

HarborApi::HarborApi(Connection connection, base::Clock& clock)
    : credentials_(connection.credentials),
      clock_(clock),
      client_(std::move(connection),
              std::make_unique<FixedAuthorization>(BasicHeaders(credentials_)),
              clock) {}

std::string_view HarborApi::Prefix(Version version) {
  return version == Version::kV2 ? "/api/v2.0" : "/api";
}

absl::StatusOr<http::Response> HarborApi::Get(std::string_view target) {
  http::Request request;
  request.target = std::string(target);
  request.headers = {{"Accept", "application/json"},
                     {"X-Is-Resource-Name", "true"}};
  return client_.Send(std::move(request));
}

absl::StatusOr<ListPage> HarborApi::GetList(std::string_view target,
                                            std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(http::Response response, Get(target));
  if (response.status != 200) return StatusFailure(response.status, what);
  ListPage page{.body = std::move(response.body),
                .total = std::nullopt,
                .date = DateOf(response.headers)};
  if (const std::string* total =
          http::FindHeader(response.headers, "X-Total-Count")) {
    page.total = base::ParseInt64(*total);
  }
  return page;
}

absl::StatusOr<Version> HarborApi::DetectVersion() {
  {
    absl::MutexLock lock(&mutex_);
    if (version_) return *version_;
  }
  const auto v2 = Get("/api/version");
  if (!v2.ok()) return AsConnectionFailure(v2.status());
  Version version = Version::kV2;
  if (v2->status == 404) {
    const auto v1 = Get("/api/systeminfo");
    if (!v1.ok()) return AsConnectionFailure(v1.status());
    const auto info = JsonOf(*v1, "/api/systeminfo");
    if (v1->status != 200 || !info.ok() ||
        TextAt(*info, "harbor_version").empty()) {
      return WrongVersion(
          "there is neither /api/version nor Harbor's /api/systeminfo: this is "
          "not a Harbor");
    }
    version = Version::kV1;
  } else if (v2->status != 200) {
    return UnexpectedAnswer("/api/version", v2->status);
  } else {
    const auto said = JsonOf(*v2, "/api/version");
    if (!said.ok()) return AsConnectionFailure(said.status());
    if (TextAt(*said, "version").empty()) {
      return WrongVersion("/api/version names no version: not a Harbor");
    }
  }
  absl::MutexLock lock(&mutex_);
  version_ = version;
  return version;
}

absl::StatusOr<HarborApi::Login> HarborApi::CheckLogin(Version version) {
  if (credentials_.empty()) {
    return WrongCredentials(
        "no user name and password are given: without, Harbor tells only of "
        "public projects");
  }
  auto login = AskWhoIAm(version);
  if (!IsWrongCredentials(login.status())) return login;
  if (!clock_.Sleep(kLoginLock)) return absl::CancelledError("interrupted");
  login = AskWhoIAm(version);
  if (!IsWrongCredentials(login.status())) return login;
  // With its database down Harbor refuses everybody.
  LANDWAITER_RETURN_IF_ERROR(CheckHealth(version));
  return login;
}

absl::StatusOr<HarborApi::Login> HarborApi::AskWhoIAm(Version version) {
  // 1.10 answers a robot's question with 500.
  if (version == Version::kV1 && credentials_.username.starts_with("robot$")) {
    return AskForToken(/*is_robot=*/true);
  }
  const auto answer = Get(base::StrCat(Prefix(version), "/users/current"));
  if (!answer.ok()) return AsConnectionFailure(answer.status());
  if (answer->status == 412) return Login{.is_robot = true, .is_admin = {}};
  if (answer->status == 401) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool oidc, UsesOidc(version));
    // Then a user's secret is good for the registry and for listings only.
    if (oidc) return AskForToken(/*is_robot=*/false);
    return WrongCredentials("Harbor refuses the user name or the password");
  }
  if (answer->status != 200) {
    return UnexpectedAnswer("/users/current", answer->status);
  }
  const auto user = JsonOf(*answer, "/users/current");
  if (!user.ok()) return AsConnectionFailure(user.status());
  return Login{.is_robot = false,
               .is_admin = version == Version::kV1
                               ? TrueAt(*user, "has_admin_role")
                               : TrueAt(*user, "sysadmin_flag") ||
                                     TrueAt(*user, "admin_role_in_auth")};
}

absl::StatusOr<HarborApi::Login> HarborApi::AskForToken(bool is_robot) {
  // Without a scope: with one, wrong credentials get a token that is worth
  // nothing.
  const auto answer = Get(kNoScopeToken);
  if (!answer.ok()) return AsConnectionFailure(answer.status());
  if (answer->status == 401) {
    return WrongCredentials("Harbor refuses the user name or the secret");
  }
  if (answer->status != 200) {
    return UnexpectedAnswer("/service/token", answer->status);
  }
  return Login{.is_robot = is_robot, .is_admin = {}};
}

absl::StatusOr<bool> HarborApi::UsesOidc(Version version) {
  const auto answer = Get(base::StrCat(Prefix(version), "/systeminfo"));
  if (!answer.ok()) return AsConnectionFailure(answer.status());
  const auto info = JsonOf(*answer, "/systeminfo");
  return info.ok() && TextAt(*info, "auth_mode") == "oidc_auth";
}

absl::Status HarborApi::CheckHealth(Version version) {
  const auto down = [](std::string_view what) {
    return Failure(FailureCode::kNetworkConnectError,
                   base::StrCat("Harbor refuses the login while ", what,
                                ": its answer says nothing of the password"),
                   "Protocol");
  };
  const auto health = Get(base::StrCat(Prefix(version), "/health"));
  if (!health.ok()) return AsConnectionFailure(health.status());
  const auto json = JsonOf(*health, "/health");
  if (json.ok() && json->is_object() && json->contains("components") &&
      (*json)["components"].is_array()) {
    for (const auto& component : (*json)["components"]) {
      const std::string name = TextAt(component, "name");
      if (name == "database" && TextAt(component, "status") == "unhealthy") {
        return down("its database is down");
      }
    }
  }
  // /health lags behind by some seconds; a list does not.
  const auto list =
      Get(base::StrCat(Prefix(version), "/projects?page=1&page_size=1"));
  if (!list.ok() && base::FailureCauseOf(list.status()).starts_with("Http5")) {
    return down("it cannot list its projects");
  }
  return list.ok() ? absl::OkStatus() : AsConnectionFailure(list.status());
}

absl::StatusOr<nlohmann::json> ElementsOf(const ListPage& page,
                                          std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(
      nlohmann::json json,
      JsonOf(http::Response{.status = 200, .headers = {}, .body = page.body},
             what));
  if (json.is_null()) return nlohmann::json::array();
  if (!json.is_array()) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat(what, " is no list"), "Protocol");
  }
  return json;
}

}  // namespace landwaiter::agent::registry::harbor
