#include "agent/registry/ghcr/ghcr_registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/hosted/namespace_pages.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "agent/registry/transport/link.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::ghcr {
namespace {

using base::Failure;
using base::FailureCode;
using nlohmann::json;

constexpr int kRowsPerPage = 100;

struct Rows {
  json rows;
  int64_t next = 0;  // page; 0: this was the last
};

// metadata.container.tags of a version.
json TagsOf(const json& version) {
  json at = version;
  for (const char* key : {"metadata", "container", "tags"}) {
    if (!at.is_object() || !at.contains(key)) return json::array();
    at = json(at[key]);
  }
  return at.is_array() ? at : json::array();
}

std::unique_ptr<Authorization> Bearer(const std::string& token) {
  return std::make_unique<FixedAuthorization>(
      http::Headers{{"Authorization", base::StrCat("Bearer ", token)},
                    {"X-GitHub-Api-Version", "2022-11-28"}});
}

class GhcrRegistry : public hosted::FixedPullSide {
 public:
  GhcrRegistry(const Connection& api, std::unique_ptr<Registry> oci,
               base::Clock& clock)
      : FixedPullSide(std::move(oci)),
        clock_(clock),
        api_(api, Bearer(api.credentials.password), clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  absl::StatusOr<http::Response> Get(const std::string& target,
                                     std::string_view what);
  absl::StatusOr<Rows> RowsAt(const std::string& list, int64_t page,
                              std::string_view what);
  absl::StatusOr<std::string> Login();  // the account's name, lower case
  absl::StatusOr<std::vector<std::string>> Owners();
  // Where the packages of an owner are.
  absl::StatusOr<std::string> PackagesOf(const std::string& owner);

  base::Clock& clock_;
  ApiClient api_;
  absl::Mutex mutex_;
  std::string login_ ABSL_GUARDED_BY(mutex_);
};

absl::StatusOr<http::Response> GhcrRegistry::Get(const std::string& target,
                                                 std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(http::Response response, api_.Get(target));
  if (response.status == 200) return response;
  const std::string* left =
      http::FindHeader(response.headers, "X-RateLimit-Remaining");
  if (response.status == 403 && left != nullptr && *left == "0") {
    // GitHub's limit by the hour looks like missing rights.
    const std::string* reset =
        http::FindHeader(response.headers, "X-RateLimit-Reset");
    const auto at = reset == nullptr ? std::nullopt : base::ParseInt64(*reset);
    const absl::Duration wait =
        at ? absl::FromUnixSeconds(*at) - clock_.Now() : absl::Minutes(1);
    return base::WithRetryAfter(
        Failure(FailureCode::kRateLimited,
                "GitHub's limit of requests in an hour is used up"),
        std::clamp(wait, absl::Seconds(1), absl::Hours(1)));
  }
  // 404 is what GitHub says of what may not be seen.
  return StatusFailure(response.status == 404 ? 403 : response.status, what);
}

absl::StatusOr<Rows> GhcrRegistry::RowsAt(const std::string& list, int64_t page,
                                          std::string_view what) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      Get(base::StrCat(list, base::Contains(list, "?") ? "&" : "?",
                       "per_page=", kRowsPerPage, "&page=", page),
          what));
  LANDWAITER_ASSIGN_OR_RETURN(json rows, JsonOf(response, what));
  if (!rows.is_array() || rows.size() > kRowsPerPage) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat("GitHub's answer is no ", what), "Protocol");
  }
  Rows read{.rows = std::move(rows)};
  if (const std::string link = NextLink(response.headers); !link.empty()) {
    read.next =
        base::ParseInt64(QueryValue(link, "page").value_or("")).value_or(0);
    if (read.next <= page) {
      return Failure(
          FailureCode::kNetworkError,
          base::StrCat("the next page of a ", what, " is not behind this one"),
          "Protocol");
    }
  }
  return read;
}

absl::StatusOr<std::string> GhcrRegistry::Login() {
  {
    absl::MutexLock lock(&mutex_);
    if (!login_.empty()) return login_;
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response user,
                              Get("/user", "account"));
  LANDWAITER_ASSIGN_OR_RETURN(const json account, JsonOf(user, "the account"));
  const std::string login = base::ToLower(TextAt(account, "login"));
  if (!model::IsValidRepository(login)) {
    return Failure(FailureCode::kNetworkError,
                   "GitHub does not tell whose the token is", "Protocol");
  }
  absl::MutexLock lock(&mutex_);
  return login_ = login;
}

absl::StatusOr<std::vector<std::string>> GhcrRegistry::Owners() {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string login, Login());
  std::vector<std::string> owners = {login};
  for (int64_t page = 1; page != 0;) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const Rows rows, RowsAt("/user/orgs", page, "list of organizations"));
    for (const json& row : rows.rows) {
      std::string owner = base::ToLower(TextAt(row, "login"));
      if (model::IsValidRepository(owner)) owners.push_back(std::move(owner));
    }
    page = rows.next;
  }
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  return owners;
}

absl::StatusOr<std::string> GhcrRegistry::PackagesOf(const std::string& owner) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string login, Login());
  return owner == login ? "/user/packages"
                        : base::StrCat("/orgs/", owner, "/packages");
}

absl::StatusOr<Verification> GhcrRegistry::Verify() {
  const auto user = api_.Get("/user");
  if (!user.ok()) return AsConnectionFailure(user.status());
  if (user->status == 401) {
    return WrongCredentials("GitHub refuses the access token");
  }
  const auto login = Login();
  if (!login.ok()) return hosted::AsVerifyFailure(login.status());
  Verification verification{.detected_version = "V2"};
  const std::string* scopes = http::FindHeader(user->headers, "X-OAuth-Scopes");
  if (scopes == nullptr) {
    verification.note =
        "the token is no classic personal access token: GitHub may hide "
        "packages from it";
  } else if (!base::Contains(*scopes, ":packages")) {
    return MissingAdminRole("the access token lacks the scope read:packages");
  } else if (!base::Contains(*scopes, ":org")) {
    verification.note =
        "the access token lacks the scope read:org: organizations whose "
        "membership is private are not listed";
  }
  return verification;
}

absl::StatusOr<RepositoryPage> GhcrRegistry::ListRepositories(
    std::string_view cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<std::string> owners, Owners());
  return hosted::ListByNamespace(
      owners, cursor,
      [this](const std::string& owner,
             int64_t number) -> absl::StatusOr<hosted::NamespacePage> {
        LANDWAITER_ASSIGN_OR_RETURN(const std::string packages,
                                    PackagesOf(owner));
        LANDWAITER_ASSIGN_OR_RETURN(const Rows rows,
                                    RowsAt(packages + "?package_type=container",
                                           number, "list of packages"));
        hosted::NamespacePage page{.next = rows.next};
        for (const json& row : rows.rows) {
          std::string name =
              base::StrCat(owner, "/", base::ToLower(TextAt(row, "name")));
          if (model::IsValidRepository(name)) {
            page.repositories.push_back({.name = std::move(name)});
          }
        }
        return page;
      });
}

absl::StatusOr<ArtifactPage> GhcrRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  const auto number = cursor.empty() ? 1 : base::ParseInt64(cursor);
  const auto parts = base::SplitOnce(repository, '/');
  if (!model::IsValidRepository(repository) || !parts || !number ||
      *number < 1) {
    return absl::InvalidArgumentError("the repository or cursor is invalid");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::string packages,
                              PackagesOf(std::string(parts->first)));
  LANDWAITER_ASSIGN_OR_RETURN(
      const Rows rows,
      RowsAt(base::StrCat(packages, "/container/",
                          http::EscapeComponent(parts->second), "/versions"),
             *number, base::StrCat("list of versions of ", repository)));
  ArtifactPage page{.complete = rows.next == 0};
  for (const json& row : rows.rows) {
    const auto digest = model::Digest::Parse(TextAt(row, "name"));
    if (!digest.ok()) continue;
    page.manifests.push_back(
        {.digest = *digest,
         .pushed = hosted::TimeIn(TextAt(row, "created_at"))});
    for (const json& tag : TagsOf(row)) {
      if (tag.is_string() && model::IsValidTag(tag.get<std::string>())) {
        page.tags.push_back({.name = tag, .digest = *digest});
      }
    }
  }
  if (page.tags.size() > 1000) {
    return Failure(FailureCode::kLimitExceeded,
                   "a page of versions has more than 1,000 tags", "tags");
  }
  if (rows.next != 0) page.next_cursor = base::StrCat(rows.next);
  return page;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewGhcrRegistry(
    Connection connection, const Addresses& addresses, base::Clock& clock) {
  if (connection.credentials.empty()) {
    return absl::InvalidArgumentError(
        "GitHub lists nothing without an access token");
  }
  Connection api = connection, registry = connection;
  api.http = OptionsForOrigin(connection.http, addresses.api);
  // GitHub answers no client that does not name itself.
  if (api.http.user_agent.empty()) api.http.user_agent = "landwaiter";
  registry.http = OptionsForOrigin(connection.http, addresses.registry);
  LANDWAITER_ASSIGN_OR_RETURN(auto oci,
                              oci::NewOciRegistry(std::move(registry), clock));
  return std::make_unique<GhcrRegistry>(api, std::move(oci), clock);
}

absl::StatusOr<std::unique_ptr<Registry>> NewGhcrRegistry(Connection connection,
                                                          base::Clock& clock) {
  const std::string& host = connection.http.base.host;
  if (host != "ghcr.io" && host != "github.com" && host != "api.github.com") {
    return absl::InvalidArgumentError(base::StrCat(
        base::Printable(host), " is no address of GitHub's registry"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const http::Url api,
                              http::Url::Parse("https://api.github.com"));
  LANDWAITER_ASSIGN_OR_RETURN(const http::Url registry,
                              http::Url::Parse("https://ghcr.io"));
  return NewGhcrRegistry(std::move(connection), {api, registry}, clock);
}

}  // namespace landwaiter::agent::registry::ghcr
