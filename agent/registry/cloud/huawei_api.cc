#include "agent/registry/cloud/huawei_api.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/cloud/canonical.h"
#include "agent/registry/cloud/signature.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {
namespace {

using base::Failure;
using base::FailureCode;

// Signs each attempt anew, since a signature ages.
class SigningAuthorization : public Authorization {
 public:
  SigningAuthorization(std::string host, Credentials key, base::Clock& clock)
      : host_(std::move(host)), key_(std::move(key)), clock_(clock) {}

  absl::Status Authorize(const std::string&, http::Request& request) override {
    SignForHuawei(host_, key_, clock_.Now(), request);
    return absl::OkStatus();
  }
  absl::StatusOr<Answer> Refused(const http::Response&, const std::string&,
                                 const http::Request&,
                                 bool& rejected) override {
    rejected = true;
    return Answer::kFinal;
  }

 private:
  const std::string host_;
  const Credentials key_;
  base::Clock& clock_;
};

// Huawei's own code and message, in whichever of the forms they come.
std::pair<std::string, std::string> ErrorIn(const http::Response& response) {
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  std::string code = TextAt(json, "error_code");
  std::string message = TextAt(json, "error_msg");
  if (code.empty() && json.is_object() && json.contains("errors") &&
      json["errors"].is_array() && !json["errors"].empty()) {
    code = TextAt(json["errors"][0], "errorCode");
    message = TextAt(json["errors"][0], "errorMessage");
  }
  return {base::Printable(code, 80), std::move(message)};
}

absl::Status FailureFor(const http::Response& response, std::string_view what) {
  const auto [code, message] = ErrorIn(response);
  const auto failure = [&](FailureCode failure_code, std::string_view text,
                           std::string_view cause) {
    return Failure(failure_code, base::StrCat(what, ": ", text), cause);
  };
  if (response.status == 401 && base::Contains(message, "expired")) {
    return failure(FailureCode::kNetworkConnectError,
                   "Huawei Cloud finds the signature too old or too new: the "
                   "clock of the cluster's nodes is wrong",
                   "ClockSkew");
  }
  if (response.status == 401) {
    return failure(FailureCode::kFailedToVerifyUsernameOrPwd,
                   "Huawei Cloud refuses the access key", code);
  }
  if (response.status == 403) {
    return failure(FailureCode::kUserDoesNotHaveAdminRole,
                   "the access key's user may not do this (give it the role "
                   "SWR Administrator)",
                   code);
  }
  if (response.status == 404) {
    return failure(FailureCode::kNotFound, "Huawei Cloud has no such thing",
                   code);
  }
  return failure(FailureCode::kNetworkError,
                 base::StrCat("Huawei Cloud answers ", response.status),
                 code.empty() ? "Protocol" : code);
}

}  // namespace

HuaweiApi::HuaweiApi(const Connection& connection, base::Clock& clock)
    : client_(
          connection,
          std::make_unique<SigningAuthorization>(
              HostHeader(connection.http.base), connection.credentials, clock),
          clock) {}

absl::StatusOr<http::Response> HuaweiApi::Send(std::string_view method,
                                               std::string_view target,
                                               std::string_view what) {
  http::Request request{.method = std::string(method),
                        .target = std::string(target)};
  request.headers.emplace_back("Content-Type", "application/json");
  LANDWAITER_ASSIGN_OR_RETURN(http::Response response,
                              client_.Send(std::move(request)));
  if (response.status != 200 && response.status != 201) {
    return FailureFor(response, what);
  }
  return response;
}

}  // namespace landwaiter::agent::registry::cloud
