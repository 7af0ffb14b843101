#include "agent/registry/cloud/aws_api.h"

#include <memory>
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

constexpr const char* kTarget = "AmazonEC2ContainerRegistry_V20150921.";

class SigningAuthorization : public Authorization {
 public:
  SigningAuthorization(std::string host, std::string region, Credentials key,
                       base::Clock& clock)
      : host_(std::move(host)),
        region_(std::move(region)),
        key_(std::move(key)),
        clock_(clock) {}

  absl::Status Authorize(const std::string&, http::Request& request) override {
    SignForAws(host_, region_, "ecr", key_, clock_.Now(), request);
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
  const std::string region_;
  const Credentials key_;
  base::Clock& clock_;
};

absl::Status FailureFor(const http::Response& response,
                        std::string_view action) {
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  std::string type = TextAt(json, "__type");
  type = type.substr(type.find('#') + 1);
  std::string message = TextAt(json, "message");
  if (message.empty()) message = TextAt(json, "Message");
  const auto failure = [&](FailureCode code, std::string_view text,
                           std::string_view cause) {
    return Failure(code, base::StrCat(action, ": ", text), cause);
  };
  const std::string cause = base::Printable(type, 80);
  // "Signature expired: ..." and "Signature not yet current: ...".
  if (base::Contains(message, "Signature expired") ||
      base::Contains(message, "not yet current")) {
    return failure(FailureCode::kNetworkConnectError,
                   "AWS finds the signature too old or too new: the clock of "
                   "the cluster's nodes is wrong",
                   "ClockSkew");
  }
  if (type == "UnrecognizedClientException" ||
      type == "InvalidSignatureException" ||
      type == "IncompleteSignatureException" ||
      type == "MissingAuthenticationTokenException") {
    return failure(FailureCode::kFailedToVerifyUsernameOrPwd,
                   "AWS refuses the access key", cause);
  }
  if (type.starts_with("AccessDenied") || response.status == 403) {
    return failure(FailureCode::kUserDoesNotHaveAdminRole,
                   "the access key's user may not do this (give it the policy "
                   "AmazonEC2ContainerRegistryReadOnly)",
                   cause);
  }
  if (type.starts_with("Throttling")) {
    return failure(FailureCode::kRateLimited, "AWS limits the rate of calls",
                   cause);
  }
  return failure(FailureCode::kNetworkError,
                 base::StrCat("AWS answers ", response.status),
                 cause.empty() ? "Protocol" : cause);
}

}  // namespace

std::string AwsApi::HostOf(std::string_view region) {
  return base::StrCat("api.ecr.", region, ".amazonaws.com",
                      region.starts_with("cn-") ? ".cn" : "");
}

AwsApi::AwsApi(const Connection& connection, const std::string& region,
               base::Clock& clock)
    : client_(connection,
              std::make_unique<SigningAuthorization>(
                  HostHeader(connection.http.base), region,
                  connection.credentials, clock),
              clock) {}

absl::StatusOr<nlohmann::json> AwsApi::Call(std::string_view action,
                                            std::string body) {
  http::Request request{.method = "POST", .target = "/"};
  request.headers.emplace_back("X-Amz-Target", base::StrCat(kTarget, action));
  request.content_type = "application/x-amz-json-1.1";
  request.body = std::move(body);
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                              client_.Send(std::move(request)));
  if (response.status != 200) return FailureFor(response, action);
  return JsonOf(response, action);
}

}  // namespace landwaiter::agent::registry::cloud
