#include "agent/registry/google/google_api.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/transport/authorization.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::google {
namespace {

using base::Failure;
using base::FailureCode;
using nlohmann::json;

// To list, and to pull; nothing that writes.
constexpr std::string_view kScopes =
    "https://www.googleapis.com/auth/cloud-platform.read-only "
    "https://www.googleapis.com/auth/devstorage.read_only";
constexpr size_t kMaxPageToken = 4096;

// An access token with each request.
class TokenAuthorization : public Authorization {
 public:
  explicit TokenAuthorization(AccessTokens& tokens) : tokens_(tokens) {}

  absl::Status Authorize(const std::string&, http::Request& request) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string token, tokens_.Get());
    request.headers.emplace_back("Authorization",
                                 base::StrCat("Bearer ", token));
    return absl::OkStatus();
  }
  absl::StatusOr<Answer> Refused(const http::Response&, const std::string&,
                                 const http::Request&,
                                 bool& rejected) override {
    rejected = true;
    return Answer::kFinal;
  }

 private:
  AccessTokens& tokens_;
};

absl::Status GrantFailure(const http::Response& response) {
  const json answer = json::parse(response.body, nullptr, false);
  const std::string error = TextAt(answer, "error");
  const std::string description = TextAt(answer, "error_description");
  if (base::Contains(description, "reasonable timeframe")) {
    return Failure(FailureCode::kNetworkConnectError,
                   "Google finds the grant too old or too new: the clock of "
                   "the cluster's nodes is wrong",
                   "ClockSkew");
  }
  if (error == "invalid_grant" || error == "invalid_client" ||
      error == "unauthorized_client" || error == "account_disabled") {
    return Failure(FailureCode::kFailedToVerifyUsernameOrPwd,
                   base::StrCat("Google refuses the service account's key: ",
                                base::Printable(description, 120)),
                   base::Printable(error, 80));
  }
  return Failure(
      FailureCode::kNetworkConnectError,
      base::StrCat("Google's token server answers ", response.status),
      error.empty() ? "Protocol" : base::Printable(error, 80));
}

// "Permission 'artifactregistry.repositories.list' denied on resource ..."
std::string PermissionIn(std::string_view message) {
  const auto before = base::SplitOnce(message, '\'');
  const auto name = before ? base::SplitOnce(before->second, '\'') : before;
  if (!name || !name->first.starts_with("artifactregistry.")) return "";
  return base::Printable(name->first, 80);
}

bool IsDisabled(const json& error) {
  if (!error.contains("details") || !error["details"].is_array()) return false;
  const json& details = error["details"];
  return std::any_of(details.begin(), details.end(), [](const json& detail) {
    return TextAt(detail, "reason") == "SERVICE_DISABLED";
  });
}

absl::Status ApiFailure(const http::Response& response, std::string_view what) {
  const json answer = json::parse(response.body, nullptr, false);
  const json error = answer.is_object() && answer.contains("error") &&
                             answer["error"].is_object()
                         ? answer["error"]
                         : json::object();
  const std::string cause = base::Printable(TextAt(error, "status"), 80);
  const auto failure = [&](FailureCode code, std::string_view text) {
    return Failure(code, base::StrCat(what, ": ", text),
                   cause.empty() ? "Protocol" : cause);
  };
  switch (response.status) {
    case 401:
      return failure(FailureCode::kFailedToVerifyUsernameOrPwd,
                     "Google refuses the token that it gave");
    case 403:
      break;
    case 404:
      return Failure(FailureCode::kNotFound,
                     base::StrCat(what, ": Google has no such thing"), cause);
    default:
      return failure(FailureCode::kNetworkError,
                     base::StrCat("Google answers ", response.status));
  }
  if (IsDisabled(error)) {
    return Failure(FailureCode::kRegistryVersionError,
                   "the Artifact Registry API is not enabled in the project",
                   "SERVICE_DISABLED");
  }
  const std::string permission = PermissionIn(TextAt(error, "message"));
  return failure(
      FailureCode::kUserDoesNotHaveAdminRole,
      base::StrCat("the service account lacks ",
                   permission.empty() ? "a permission" : "the permission ",
                   permission));
}

}  // namespace

AccessTokens::AccessTokens(const Connection& connection, ServiceAccount account,
                           base::Clock& clock)
    : account_(std::move(account)),
      clock_(clock),
      client_(connection, std::make_unique<FixedAuthorization>(http::Headers{}),
              clock) {}

absl::StatusOr<std::string> AccessTokens::Get() {
  // Whoever else wants one meanwhile would ask for the same.
  absl::MutexLock lock(&mutex_);
  if (!refused_.ok()) return refused_;
  if (clock_.Now() < renew_at_) return token_;
  auto token = Fetch();
  if (!token.ok() && base::FailureCodeOf(token.status()) ==
                         FailureCode::kFailedToVerifyUsernameOrPwd) {
    refused_ = token.status();
  }
  return token;
}

absl::StatusOr<std::string> AccessTokens::Fetch() {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string grant,
                              account_.Grant(kScopes, clock_.Now()));
  http::Request request{.method = "POST", .target = "/token"};
  request.content_type = "application/x-www-form-urlencoded";
  request.body = base::StrCat(
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
      "&assertion=",
      grant);
  const auto response = client_.Send(std::move(request), 64 << 10);
  if (!response.ok()) return AsConnectionFailure(response.status());
  if (response->status != 200) return GrantFailure(*response);
  LANDWAITER_ASSIGN_OR_RETURN(const json answer,
                              JsonOf(*response, "an access token"));
  std::string token = TextAt(answer, "access_token");
  if (token.empty() || !std::all_of(token.begin(), token.end(), [](char c) {
        return c > 0x20 && c < 0x7F;
      })) {
    return Failure(FailureCode::kNetworkConnectError,
                   "Google's token server gives no token", "Protocol");
  }
  const int64_t life =
      std::clamp<int64_t>(NumberAt(answer, "expires_in"), 60, 86400);
  renew_at_ = clock_.Now() + absl::Seconds(life) * 0.8;
  token_ = token;
  return token;
}

ArtifactRegistryApi::ArtifactRegistryApi(const Connection& connection,
                                         AccessTokens& tokens,
                                         base::Clock& clock)
    : client_(connection, std::make_unique<TokenAuthorization>(tokens), clock) {
}

absl::StatusOr<json> ArtifactRegistryApi::List(std::string_view parent,
                                               const char* collection,
                                               std::string_view page,
                                               int page_size,
                                               std::string& next) {
  std::string target =
      base::StrCat("/v1/", parent, "/", collection, "?pageSize=", page_size);
  if (!page.empty()) {
    base::StrAppend(&target, "&pageToken=", http::EscapeComponent(page));
  }
  const std::string what = base::StrCat("list of ", collection);
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              client_.Get(target));
  if (response.status != 200) return ApiFailure(response, what);
  LANDWAITER_ASSIGN_OR_RETURN(json answer, JsonOf(response, what));
  // A list without entries is left out of the answer.
  json entries = json::array();
  if (answer.is_object() && answer.contains(collection)) {
    entries = std::move(answer[collection]);
  }
  std::string after = TextAt(answer, "nextPageToken");
  if (!answer.is_object() || !entries.is_array() ||
      after.size() > kMaxPageToken || (!after.empty() && after == page)) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat("the ", what, " does not page as it should"),
                   "Protocol");
  }
  next = std::move(after);
  return entries;
}

}  // namespace landwaiter::agent::registry::google
