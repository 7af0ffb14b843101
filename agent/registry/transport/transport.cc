#include "agent/registry/transport/transport.h"

#include <algorithm>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/redirect.h"

namespace landwaiter::agent::registry {
namespace {

constexpr size_t kMaxOrigins = 32;

bool IsServerTrouble(int status) {
  return status == 500 || status == 502 || status == 503 || status == 504;
}

absl::Status RateLimited(absl::Duration wait) {
  return base::WithRetryAfter(
      base::Failure(base::FailureCode::kRateLimited,
                    wait > absl::ZeroDuration()
                        ? base::StrCat("the registry asks to wait ",
                                       absl::FormatDuration(wait))
                        : "the registry limits the rate of requests"),
      wait);
}

absl::Status Trouble(int http_status) {
  return base::Failure(base::FailureCode::kNetworkError,
                       base::StrCat("the registry answers ", http_status),
                       base::StrCat("Http", http_status));
}

bool HasToken(const http::Request& request) {
  const std::string* header =
      http::FindHeader(request.headers, "Authorization");
  return header != nullptr && header->starts_with("Bearer ");
}

absl::Status TokenRefused() {
  return base::Failure(
      base::FailureCode::kUnauthorized,
      "the registry refuses access with the token that it gave");
}

bool MayPass(const absl::Status& status) {
  const base::FailureCode code = base::FailureCodeOf(status);
  if (code == base::FailureCode::kNetworkConnectError) {
    const std::string cause = base::FailureCauseOf(status);
    return cause != "Tls" && cause != "BlockedAddress";
  }
  return code == base::FailureCode::kNetworkError;
}

}  // namespace

absl::Duration ReadRetryAfter(const http::Headers& headers, absl::Time now) {
  const std::string* value = http::FindHeader(headers, "Retry-After");
  if (value == nullptr) return absl::ZeroDuration();
  if (const auto seconds = base::ParseInt64(base::Strip(*value))) {
    return absl::Seconds(std::clamp<int64_t>(*seconds, 0, 86400));
  }
  absl::Time date;
  std::string error;
  if (absl::ParseTime("%a, %d %b %E4Y %H:%M:%S GMT", *value, &date, &error)) {
    return std::clamp(date - now, absl::ZeroDuration(), absl::Hours(24));
  }
  return absl::ZeroDuration();
}

http::ClientOptions OptionsForOrigin(const http::ClientOptions& registry,
                                     const http::Url& url) {
  http::ClientOptions options = registry;
  options.base = url;
  options.base.target.clear();
  if (url.SameOrigin(registry.base)) return options;
  options.connect_ip.clear();
  options.connect_port = 0;
  options.tls.server_name.clear();
  options.tls.client_certificate_pem.clear();
  options.tls.client_key_pem.clear();
  return options;
}

std::shared_ptr<Manners> MannersOf(const Connection& connection,
                                   base::Clock& clock) {
  return connection.manners != nullptr ? connection.manners
                                       : std::make_shared<Manners>(clock);
}

Transport::Transport(const Connection& connection, Authorization& authorization,
                     base::Clock& clock)
    : connection_(connection),
      clock_(clock),
      authorization_(authorization),
      manners_(MannersOf(connection, clock)) {}

absl::Duration Transport::DelayOf(int attempt) {
  const absl::Duration whole = absl::Milliseconds(500) * (1 << attempt);
  absl::MutexLock lock(&mutex_);
  return whole * absl::Uniform(random_, 0.5, 1.0);
}

bool Transport::BackOff(int attempt, absl::Duration asked) {
  return clock_.Sleep(asked > absl::ZeroDuration() ? asked : DelayOf(attempt));
}

absl::StatusOr<http::Client*> Transport::ClientFor(const http::Url& url) {
  absl::MutexLock lock(&mutex_);
  const std::string origin = url.Origin();
  if (const auto found = clients_.find(origin); found != clients_.end()) {
    return found->second.get();
  }
  if (clients_.size() >= kMaxOrigins) {
    return base::Failure(base::FailureCode::kLimitExceeded,
                         "the registry redirects to too many hosts",
                         "redirectHosts");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      std::unique_ptr<http::Client> client,
      http::NewClient(OptionsForOrigin(connection_.http, url)));
  return (clients_[origin] = std::move(client)).get();
}

absl::Status Transport::Stream(const http::Request& request,
                               const std::string& scope,
                               http::Client::OnResponse on_response,
                               http::Client::OnData on_data) {
  http::Url url = connection_.http.base;
  url.target = request.target;
  http::Request next = request;
  bool reauthorised = false;
  for (int hops = 0; hops <= http::kMaxRedirects;) {
    const bool at_home = url.SameOrigin(connection_.http.base);
    http::Request authorised = next;
    if (at_home) {
      LANDWAITER_RETURN_IF_ERROR(authorization_.Authorize(scope, authorised));
    }
    LANDWAITER_ASSIGN_OR_RETURN(http::Client * client, ClientFor(url));
    LANDWAITER_RETURN_IF_ERROR(manners_->AwaitPause(url.host));
    // Only the final answer's body is the caller's.
    http::Response head;
    bool final = false;
    const auto see = [&](const http::Response& response) -> absl::Status {
      head = response;
      if (response.status == 429) {
        manners_->Pause(url.host,
                        ReadRetryAfter(response.headers, clock_.Now()));
      }
      final = !(response.status == 401 && at_home && !reauthorised) &&
              !http::IsRedirect(response);
      return final ? on_response(response) : absl::OkStatus();
    };
    const auto take = [&](std::string_view data) -> absl::Status {
      return final ? on_data(data) : absl::OkStatus();
    };
    LANDWAITER_RETURN_IF_ERROR(client->Stream(authorised, see, take));
    if (at_home && head.status != 401) authorization_.Passed(authorised);
    if (final) return absl::OkStatus();
    if (head.status == 401) {
      bool rejected = false;
      LANDWAITER_ASSIGN_OR_RETURN(
          const Authorization::Answer answer,
          authorization_.Refused(head, scope, authorised, rejected));
      if (answer == Authorization::Answer::kFinal) return on_response(head);
      reauthorised = true;
      continue;
    }
    LANDWAITER_ASSIGN_OR_RETURN(const http::Url to,
                                http::RedirectTarget(url, head));
    next.headers = http::HeadersForRedirect(next.headers, url, to);
    url = to;
    next.target = url.target;
    ++hops;
  }
  return base::Failure(base::FailureCode::kNetworkError,
                       "the registry redirects too often", "Redirect");
}

absl::StatusOr<http::Response> Transport::SendOnce(const http::Request& request,
                                                   const std::string& scope,
                                                   uint64_t max_body,
                                                   bool* rejected) {
  bool reauthorised = false;
  while (true) {
    http::Request authorised = request;
    const absl::Status known = authorization_.Authorize(scope, authorised);
    if (rejected != nullptr) *rejected = IsRejection(known);
    LANDWAITER_RETURN_IF_ERROR(known);
    LANDWAITER_ASSIGN_OR_RETURN(http::Client * client,
                                ClientFor(connection_.http.base));
    absl::StatusOr<http::Response> response;
    {
      LANDWAITER_ASSIGN_OR_RETURN(const Manners::Turn turn,
                                  manners_->Take(connection_.http.base.host));
      response = client->Send(authorised, max_body);
    }
    if (!response.ok()) return response.status();
    if (response->status != 401) {
      authorization_.Passed(authorised);
      return response;
    }
    if (reauthorised && HasToken(authorised)) return TokenRefused();
    bool refused = false;
    const auto answer =
        authorization_.Refused(*response, scope, authorised, refused);
    if (rejected != nullptr) *rejected = refused;
    LANDWAITER_RETURN_IF_ERROR(answer.status());
    if (*answer == Authorization::Answer::kFinal) return response;
    if (reauthorised) return TokenRefused();
    reauthorised = true;
  }
}

absl::StatusOr<http::Response> Transport::Send(const http::Request& request,
                                               const std::string& scope,
                                               uint64_t max_body,
                                               bool* rejected) {
  absl::Status last;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto response = SendOnce(request, scope, max_body, rejected);
    absl::Duration wait = absl::ZeroDuration();
    if (!response.ok()) {
      if (!MayPass(response.status())) return response.status();
      last = response.status();
    } else if (response->status == 429) {
      wait = ReadRetryAfter(response->headers, clock_.Now());
      last = RateLimited(wait);
      if (wait == absl::ZeroDuration()) wait = DelayOf(attempt);
      manners_->Pause(connection_.http.base.host, wait);
    } else if (IsServerTrouble(response->status)) {
      wait = ReadRetryAfter(response->headers, clock_.Now());
      last = Trouble(response->status);
    } else {
      return response;
    }
    if (wait > kMaxWait || attempt + 1 == kAttempts) break;
    if (!BackOff(attempt, wait)) return absl::CancelledError("interrupted");
  }
  return last;
}

}  // namespace landwaiter::agent::registry
