#include "agent/registry/oci/token_server.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/transport/authorization.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::oci {
namespace {

constexpr uint64_t kMaxTokenAnswer = 256 << 10;
constexpr double kDefaultLifeSeconds = 60;  // when the server does not say
constexpr size_t kMaxOrigins = 8;

// Token servers that their vendors document, though no name tells.
struct KnownRealm {
  std::string_view registry;
  std::string_view realm;
};
constexpr KnownRealm kKnownRealms[] = {
    {"registry-1.docker.io", "auth.docker.io"},
    {"registry.docker.io", "auth.docker.io"},
    {"index.docker.io", "auth.docker.io"},
};

bool IsNumeric(std::string_view host) {
  return base::Contains(host, ":") ||
         host.find_first_not_of("0123456789.") == host.npos;
}

// Whether `host` is below `domain`, which has at least two labels: a top-level
// domain is everybody's.
bool IsWithin(std::string_view host, std::string_view domain) {
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.' &&
         base::Contains(domain, ".");
}

absl::Status Unauthorized(std::string_view message) {
  return base::Failure(base::FailureCode::kUnauthorized, message);
}

absl::Status Trouble(std::string_view message) {
  return base::Failure(base::FailureCode::kNetworkError, message);
}

// "token" or "access_token"; empty if the answer is not what the
// specification says.
std::string TokenIn(const nlohmann::json& answer) {
  for (const char* key : {"token", "access_token"}) {
    if (answer.is_object() && answer.contains(key) && answer[key].is_string() &&
        !answer[key].get<std::string>().empty()) {
      return answer[key].get<std::string>();
    }
  }
  return "";
}

// Whatever number the server says, a duration of a second to a day.
absl::Duration LifeIn(const nlohmann::json& answer) {
  double seconds = kDefaultLifeSeconds;
  if (answer.contains("expires_in") && answer["expires_in"].is_number()) {
    seconds = answer["expires_in"].get<double>();
  }
  if (!(seconds >= 1)) seconds = kDefaultLifeSeconds;
  return absl::Seconds(std::min(seconds, 86400.0));
}

// What may go into a header: a token is visible ASCII.
bool IsHeaderSafe(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7F; });
}

// "a=b&c=d", values escaped, empty ones left out.
std::string Form(
    std::initializer_list<std::pair<std::string_view, std::string>> pairs) {
  std::string form;
  for (const auto& [key, value] : pairs) {
    if (value.empty()) continue;
    base::StrAppend(&form, form.empty() ? "" : "&", key, "=",
                    http::EscapeComponent(value));
  }
  return form;
}

// Quay says 405 too, of a namespace that is disabled, but allows no POST.
bool HasNoGet(const http::Response& response) {
  if (response.status != 405) {
    return response.status == 404 || response.status == 501;
  }
  const std::string* allowed = http::FindHeader(response.headers, "Allow");
  return allowed != nullptr && base::Contains(*allowed, "POST");
}

}  // namespace

bool IsTrustedRealm(const http::Url& registry, const http::Url& realm) {
  if (registry.scheme == "https" && realm.scheme != "https") return false;
  if (registry.host == realm.host) return true;
  if (IsNumeric(registry.host) || IsNumeric(realm.host)) return false;
  if (IsWithin(registry.host, realm.host) ||
      IsWithin(realm.host, registry.host)) {
    return true;
  }
  return std::any_of(std::begin(kKnownRealms), std::end(kKnownRealms),
                     [&](const KnownRealm& known) {
                       return known.registry == registry.host &&
                              known.realm == realm.host;
                     });
}

TokenServer::TokenServer(const Connection& connection, base::Clock& clock,
                         std::vector<std::string> token_hosts)
    : connection_(connection),
      clock_(clock),
      manners_(MannersOf(connection, clock)),
      token_hosts_(std::move(token_hosts)) {}

bool TokenServer::MayShowCredentialsTo(const http::Url& realm) const {
  if (IsTrustedRealm(connection_.http.base, realm)) return true;
  return (realm.scheme == "https" || connection_.http.base.scheme == "http") &&
         std::find(token_hosts_.begin(), token_hosts_.end(), realm.host) !=
             token_hosts_.end();
}

absl::StatusOr<http::Client*> TokenServer::ClientFor(const http::Url& realm) {
  absl::MutexLock lock(&mutex_);
  const std::string origin = realm.Origin();
  if (const auto found = clients_.find(origin); found != clients_.end()) {
    return found->second.get();
  }
  if (clients_.size() >= kMaxOrigins) {
    return Unauthorized("the registry names too many token servers");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      std::unique_ptr<http::Client> client,
      http::NewClient(OptionsForOrigin(connection_.http, realm)));
  return (clients_[origin] = std::move(client)).get();
}

absl::StatusOr<http::Response> TokenServer::Send(const http::Url& realm,
                                                 const http::Request& request) {
  LANDWAITER_ASSIGN_OR_RETURN(http::Client * client, ClientFor(realm));
  LANDWAITER_ASSIGN_OR_RETURN(const Manners::Turn turn,
                              manners_->Take(realm.host));
  return client->Send(request, kMaxTokenAnswer);
}

absl::StatusOr<http::Response> TokenServer::Ask(const http::Url& realm,
                                                const std::string& service,
                                                const std::string& scope) {
  const Credentials& account = connection_.credentials;
  const std::string key = base::StrCat(
      realm.Origin(), realm.target.substr(0, realm.target.find('?')));
  bool post;
  {
    absl::MutexLock lock(&mutex_);
    post = post_only_.contains(key);
  }
  absl::StatusOr<http::Response> got;
  if (!post) {
    http::Request get{.target = realm.target};
    const std::string query = Form({{"service", service}, {"scope", scope}});
    if (!query.empty()) {
      base::StrAppend(&get.target, base::Contains(get.target, "?") ? "&" : "?",
                      query);
    }
    get.headers = BasicHeaders(account);
    got = Send(realm, get);
    if (!got.ok() || !HasNoGet(*got) || account.empty()) return got;
  }
  http::Request request{.method = "POST", .target = realm.target};
  request.content_type = "application/x-www-form-urlencoded";
  request.body = Form({{"grant_type", "password"},
                       {"service", service},
                       {"client_id", "landwaiter"},
                       {"scope", scope},
                       {"username", account.username},
                       {"password", account.password}});
  auto posted = Send(realm, request);
  if (!post && (!posted.ok() || posted->status != 200)) return got;
  absl::MutexLock lock(&mutex_);
  post_only_.insert(key);
  return posted;
}

absl::StatusOr<Token> TokenServer::Fetch(const Challenge& challenge,
                                         const std::string& scope) {
  const auto realm = http::Url::Parse(challenge.Parameter("realm"));
  if (!realm.ok()) return Unauthorized("the registry's token realm is no URL");
  if (!MayShowCredentialsTo(*realm)) {
    return Unauthorized(base::StrCat(
        "the registry sends its users to ", realm->Origin(),
        " for a token, which is neither its own host nor of its domain"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      Ask(*realm, challenge.Parameter("service"),
          challenge.parameters.contains("scope") ? challenge.Parameter("scope")
                                                 : scope));
  if (response.status == 401 && !connection_.credentials.empty()) {
    return Rejection(
        "the registry's token server refuses the user name or the password");
  }
  if (response.status == 401 || response.status == 403 ||
      response.status == 405) {
    return Unauthorized("the registry's token server refuses the login");
  }
  if (response.status == 429) {
    const absl::Duration wait = ReadRetryAfter(response.headers, clock_.Now());
    manners_->Pause(realm->host, wait);
    return base::WithRetryAfter(
        base::Failure(base::FailureCode::kRateLimited,
                      "the registry's token server asks to wait"),
        wait);
  }
  if (response.status != 200) {
    return Trouble(
        base::StrCat("the registry's token server answers ", response.status));
  }
  const auto answer = nlohmann::json::parse(response.body, nullptr, false);
  const std::string token = TokenIn(answer);
  if (token.empty() || !IsHeaderSafe(token)) {
    return Trouble("the registry's token server gives no token");
  }
  return Token{base::StrCat("Bearer ", token),
               clock_.Now() + LifeIn(answer) * 0.8};
}

}  // namespace landwaiter::agent::registry::oci
