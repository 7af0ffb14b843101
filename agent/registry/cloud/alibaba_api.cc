#include "agent/registry/cloud/alibaba_api.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/random/random.h"
#include "agent/registry/cloud/canonical.h"
#include "agent/registry/cloud/signature.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/hex.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {
namespace {

using base::Failure;
using base::FailureCode;

constexpr std::string_view kRpcVersion = "2018-12-01";
constexpr std::string_view kRoaVersion = "2016-06-07";
constexpr absl::Duration kBetweenCalls = absl::Microseconds(66667);  // 15/s
constexpr int kAttempts = 4;

// Signs each attempt anew: a nonce serves once.
class SigningAuthorization : public Authorization {
 public:
  SigningAuthorization(Credentials key, base::Clock& clock, bool rpc)
      : key_(std::move(key)), clock_(clock), rpc_(rpc) {}

  absl::Status Authorize(const std::string&, http::Request& request) override {
    if (rpc_) {
      std::map<std::string, std::string> parameters;
      for (auto& [name, value] : QueryParameters(request.target)) {
        parameters[name] = value;
      }
      request.target = AlibabaRpcTarget(std::move(parameters), key_,
                                        clock_.Now(), NewNonce());
      return absl::OkStatus();
    }
    request.headers =
        AlibabaRoaHeaders(request.method, request.target, kRoaVersion, key_,
                          clock_.Now(), NewNonce());
    return absl::OkStatus();
  }
  absl::StatusOr<Answer> Refused(const http::Response&, const std::string&,
                                 const http::Request&,
                                 bool& rejected) override {
    rejected = true;
    return Answer::kFinal;
  }

 private:
  std::string NewNonce() {
    absl::MutexLock lock(&mutex_);
    std::string bytes(16, '\0');
    for (char& byte : bytes) {
      byte = static_cast<char>(absl::Uniform<int>(random_, 0, 256));
    }
    return base::HexEncode(bytes);
  }

  const Credentials key_;
  base::Clock& clock_;
  const bool rpc_;
  absl::Mutex mutex_;
  absl::BitGen random_ ABSL_GUARDED_BY(mutex_);
};

bool IsThrottling(std::string_view code) {
  return code.starts_with("Throttling") || code == "SignatureNonceUsed";
}

// What Alibaba's code means.
FailureCode CodeFor(std::string_view code, int http_status) {
  const auto starts = [&](std::string_view with) {
    return code.starts_with(with);
  };
  if (starts("InvalidAccessKeyId") || code == "SignatureDoesNotMatch" ||
      code == "IncompleteSignature" || starts("InvalidSecurityToken")) {
    return FailureCode::kFailedToVerifyUsernameOrPwd;
  }
  if (starts("Forbidden") || starts("NoPrivilege") || starts("NoPermission")) {
    return FailureCode::kUserDoesNotHaveAdminRole;
  }
  if (starts("InvalidAction") || code == "NoSuchVersion" ||
      starts("InvalidVersion")) {
    return FailureCode::kRegistryVersionError;
  }
  if (starts("InvalidTimeStamp")) return FailureCode::kNetworkConnectError;
  const std::string lower = base::ToLower(code);
  if (base::Contains(lower, "not_exist") || base::Contains(lower, "notexist") ||
      base::Contains(lower, "notfound") || http_status == 404) {
    return FailureCode::kNotFound;
  }
  return FailureCode::kNetworkError;
}

std::string Meaning(FailureCode code, std::string_view alibaba_code) {
  switch (code) {
    case FailureCode::kFailedToVerifyUsernameOrPwd:
      return "Alibaba Cloud refuses the AccessKey";
    case FailureCode::kUserDoesNotHaveAdminRole:
      return "the AccessKey's user may not do this (give it the RAM policy "
             "AliyunContainerRegistryReadOnlyAccess)";
    case FailureCode::kRegistryVersionError:
      return "the API does not have this call";
    case FailureCode::kNetworkConnectError:
      return "Alibaba Cloud finds the signature too old or too new: the clock "
             "of the cluster's nodes is wrong";
    case FailureCode::kNotFound:
      return "Alibaba Cloud has no such thing";
    default:
      return base::StrCat("Alibaba Cloud answers ",
                          base::Printable(alibaba_code, 80));
  }
}

absl::Status FailureFor(const std::string& code, int http_status,
                        std::string_view what) {
  const FailureCode failure = CodeFor(code, http_status);
  return Failure(failure, base::StrCat(what, ": ", Meaning(failure, code)),
                 failure == FailureCode::kNetworkConnectError
                     ? "ClockSkew"
                     : base::Printable(code, 80));
}

}  // namespace

bool IsRegion(std::string_view region) {
  return !region.empty() && region.size() <= 40 && region.front() != '-' &&
         region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
             region.npos;
}

absl::StatusOr<Connection> ApiConnection(Connection connection,
                                         std::string_view host) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Url url, http::Url::Parse(connection.api_url.empty()
                                                ? base::StrCat("https://", host)
                                                : connection.api_url));
  connection.http = OptionsForOrigin(connection.http, url);
  return connection;
}

absl::StatusOr<std::unique_ptr<AlibabaApi>> AlibabaApi::New(
    const Connection& connection, std::string_view region, base::Clock& clock) {
  if (!IsRegion(region)) {
    return absl::InvalidArgumentError(base::StrCat(
        base::Printable(region, 60), " is no region of Alibaba Cloud"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const Connection api,
      ApiConnection(connection,
                    base::StrCat(connection.private_network ? "cr-vpc." : "cr.",
                                 region, ".aliyuncs.com")));
  return std::unique_ptr<AlibabaApi>(new AlibabaApi(api, clock));
}

AlibabaApi::AlibabaApi(const Connection& connection, base::Clock& clock)
    : clock_(clock),
      rpc_(connection,
           std::make_unique<SigningAuthorization>(connection.credentials, clock,
                                                  /*rpc=*/true),
           clock),
      roa_(connection,
           std::make_unique<SigningAuthorization>(connection.credentials, clock,
                                                  /*rpc=*/false),
           clock) {}

// Alibaba throttles whoever asks more often.
bool AlibabaApi::Pace() {
  absl::Duration wait;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Time now = clock_.Now();
    next_call_ = std::max(next_call_, now) + kBetweenCalls;
    wait = next_call_ - kBetweenCalls - now;
  }
  return clock_.Sleep(wait);
}

absl::StatusOr<nlohmann::json> AlibabaApi::Send(ApiClient& client,
                                                const std::string& target,
                                                std::string_view what) {
  std::string code;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0 && !clock_.Sleep(absl::Seconds(1 << attempt))) break;
    if (!Pace()) break;
    LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                                client.Get(target));
    auto json = JsonOf(response, what);
    if (!json.ok() && response.status != 200) {
      return FailureFor("", response.status, what);
    }
    if (!json.ok()) return json;
    // Lower case is ROA's, upper case RPC's.
    code = TextAt(*json, "Code");
    if (code.empty()) code = TextAt(*json, "code");
    const bool failed = json->is_object() && json->contains("IsSuccess") &&
                        !TrueAt(*json, "IsSuccess");
    if (response.status == 200 && !failed) return json;
    if (!IsThrottling(code)) return FailureFor(code, response.status, what);
  }
  return Failure(FailureCode::kRateLimited,
                 base::StrCat(what, ": Alibaba Cloud limits the rate of calls"),
                 base::Printable(code, 80));
}

absl::StatusOr<nlohmann::json> AlibabaApi::Call(
    std::string_view action, std::map<std::string, std::string> parameters) {
  std::string target =
      base::StrCat("/?Action=", action, "&Version=", kRpcVersion);
  for (const auto& [name, value] : parameters) {
    base::StrAppend(&target, "&", name, "=", http::EscapeComponent(value));
  }
  return Send(rpc_, target, action);
}

absl::StatusOr<nlohmann::json> AlibabaApi::Get(std::string_view target) {
  return Send(roa_, std::string(target), PathOf(target));
}

}  // namespace landwaiter::agent::registry::cloud
