#include "agent/registry/gitlab/account.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using base::Failure;
using base::FailureCode;

// The registry takes any name with a group's token.
constexpr char kAnyUser[] = "landwaiter";

Connection ConnectionTo(const Connection& connection, const http::Url& origin,
                        Credentials login) {
  Connection own = connection;
  own.http = OptionsForOrigin(connection.http, origin);
  own.tokens.clear();
  if (login.username.empty()) login.username = kAnyUser;
  own.credentials = std::move(login);
  return own;
}

// Access tokens are for GitLab: the registry gets what that makes of them.
oci::OciOptions OptionsWith(const http::Url& gitlab) {
  return {.token_hosts = {gitlab.host}, .bearer_only = true};
}

std::unique_ptr<Authorization> PrivateToken(const std::string& token) {
  return std::make_unique<FixedAuthorization>(
      http::Headers{{"PRIVATE-TOKEN", token}});
}

}  // namespace

Account::Account(const Connection& connection, const Site& site,
                 std::string group, Credentials login, base::Clock& clock)
    : connection_(ConnectionTo(connection, connection.http.base, login)),
      options_(OptionsWith(site.gitlab)),
      group_(std::move(group)),
      api_path_(site.api),
      clock_(clock),
      api_(ConnectionTo(connection, site.gitlab, login),
           PrivateToken(login.password), clock) {}

absl::Status Account::Rejected() const {
  return Failure(
      FailureCode::kUnauthorized,
      base::StrCat("GitLab refuses the access token",
                   group_.empty() ? "" : base::StrCat(" of group ", group_),
                   ": it is wrong, revoked or expired"));
}

bool Account::rejected() const {
  absl::MutexLock lock(&mutex_);
  return rejected_;
}

absl::StatusOr<http::Response> Account::Get(std::string_view target) {
  if (rejected()) return Rejected();
  LANDWAITER_ASSIGN_OR_RETURN(http::Response response,
                              api_.Get(base::StrCat(api_path_, target)));
  if (response.status == 401) {
    absl::MutexLock lock(&mutex_);
    rejected_ = true;
    return Rejected();
  }
  if (IsBan(response)) return BanFailure();
  return response;
}

absl::StatusOr<http::Response> Account::GetSeen(std::string_view target,
                                                std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(http::Response response, Get(target));
  if (response.status == 200) return response;
  if (response.status == 404) {
    return Failure(FailureCode::kUnauthorized,
                   base::StrCat("GitLab has no ", what,
                                ", or the access token may not see it"));
  }
  if (response.status == 403 &&
      base::Contains(response.body, "insufficient_scope")) {
    return Failure(
        FailureCode::kUnauthorized,
        base::StrCat("the access token lacks the scope read_api for ", what));
  }
  return StatusFailure(response.status, what);
}

Account::Pull::Pull(Connection given, const oci::OciOptions& options,
                    base::Clock& clock)
    : connection(std::move(given)),
      authorizer(connection, clock, options),
      transport(connection, authorizer, clock) {}

absl::StatusOr<Account::Pull*> Account::PullFrom(const http::Url& registry) {
  if (rejected()) return Rejected();
  absl::MutexLock lock(&mutex_);
  if (pull_ == nullptr) {
    auto pull = std::make_unique<Pull>(
        ConnectionTo(connection_, registry, connection_.credentials), options_,
        clock_);
    LANDWAITER_ASSIGN_OR_RETURN(
        pull->oci, oci::NewOciRegistry(pull->connection, clock_, options_));
    pull_ = std::move(pull);
  }
  return pull_.get();
}

absl::Status Account::Judged(absl::Status status) {
  if (base::FailureCodeOf(status) == FailureCode::kUnauthorized) {
    // An answer with 401 is remembered there.
    Get("/personal_access_tokens/self").IgnoreError();
  }
  return status;
}

}  // namespace landwaiter::agent::registry::gitlab
