#include "agent/registry/transport/api_client.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/redirect.h"

namespace landwaiter::agent::registry {
namespace {

using base::Failure;
using base::FailureCode;

constexpr int kMaxJsonDepth = 128;

}  // namespace

ApiClient::ApiClient(Connection connection,
                     std::unique_ptr<Authorization> authorization,
                     base::Clock& clock)
    : connection_(std::move(connection)),
      authorization_(std::move(authorization)),
      transport_(connection_, *authorization_, clock) {}

absl::StatusOr<http::Response> ApiClient::Send(http::Request request,
                                               uint64_t max_body) {
  http::Url url = connection_.http.base;
  for (int hops = 0; hops <= http::kMaxRedirects; ++hops) {
    LANDWAITER_ASSIGN_OR_RETURN(http::Response response,
                                transport_.Send(request, "", max_body));
    if (request.method != "GET" || !http::IsRedirect(response)) return response;
    url.target = request.target;
    LANDWAITER_ASSIGN_OR_RETURN(const http::Url to,
                                http::RedirectTarget(url, response));
    if (!to.SameOrigin(url)) {
      return Failure(
          FailureCode::kNetworkError,
          base::StrCat(url.Origin(), " sends its users to ", to.Origin(),
                       ": give that address if it is the registry's"),
          "Redirect");
    }
    request.target = to.target;
  }
  return Failure(FailureCode::kNetworkError, "the registry redirects too often",
                 "Redirect");
}

absl::StatusOr<http::Response> ApiClient::Get(std::string_view target,
                                              uint64_t max_body) {
  http::Request request;
  request.target = std::string(target);
  request.headers.emplace_back("Accept", "application/json");
  return Send(std::move(request), max_body);
}

absl::StatusOr<nlohmann::json> ApiClient::GetJson(std::string_view target,
                                                  std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response response, Get(target));
  if (response.status != 200) return StatusFailure(response.status, what);
  return JsonOf(response, what);
}

absl::StatusOr<nlohmann::json> JsonOf(const http::Response& response,
                                      std::string_view what) {
  bool too_deep = false;
  const auto watch_depth = [&](int depth, nlohmann::json::parse_event_t,
                               nlohmann::json&) {
    too_deep = too_deep || depth > kMaxJsonDepth;
    return !too_deep;
  };
  auto json = nlohmann::json::parse(response.body, watch_depth, false);
  if (too_deep) {
    return Failure(
        FailureCode::kLimitExceeded,
        base::StrCat(what, " nests deeper than ", kMaxJsonDepth, " levels"),
        "jsonDepth");
  }
  if (json.is_discarded()) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat(IsWebPage(response) ? "a web page" : "no JSON",
                                " came in place of ", what),
                   "Protocol");
  }
  return json;
}

absl::Status StatusFailure(int status, std::string_view what) {
  switch (status) {
    case 401:
      return Failure(
          FailureCode::kUnauthorized,
          base::StrCat("the registry asks for another login for ", what));
    case 403:
      return Failure(FailureCode::kUnauthorized,
                     base::StrCat("the registry denies access to ", what));
    case 404:
      return Failure(FailureCode::kNotFound,
                     base::StrCat("the registry has no ", what));
    default:
      return Failure(
          FailureCode::kNetworkError,
          base::StrCat("the registry answers ", status, " for ", what),
          "Protocol");
  }
}

bool IsWebPage(const http::Response& response) {
  const std::string* type = http::FindHeader(response.headers, "Content-Type");
  if (type != nullptr && base::ToLower(*type).starts_with("text/html")) {
    return true;
  }
  const std::string start =
      base::ToLower(base::Strip(response.body.substr(0, 64)));
  return start.starts_with("<!doctype html") || start.starts_with("<html");
}

std::string TextAt(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

int64_t NumberAt(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) return 0;
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer()
             ? found->get<int64_t>()
             : 0;
}

bool TrueAt(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) return false;
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

}  // namespace landwaiter::agent::registry
