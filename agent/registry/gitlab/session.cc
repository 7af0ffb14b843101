#include "agent/registry/gitlab/session.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/transport/api_client.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using base::Failure;
using base::FailureCode;

// Paths of groups keep the case they were made with; repositories' have none.
bool IsWithin(std::string_view path, std::string_view group) {
  const std::string lower = base::ToLower(group);
  return path.size() > lower.size() && path.starts_with(lower) &&
         path[lower.size()] == '/';
}

}  // namespace

Session::Session(const Connection& connection, Site site, base::Clock& clock)
    : site_(std::move(site)), registry_(site_.registry) {
  for (const ScopedToken& token : connection.tokens) {
    accounts_.push_back(std::make_unique<Account>(
        connection, site_, token.name, Credentials{"", token.token}, clock));
  }
  if (!connection.credentials.empty()) {
    accounts_.push_back(std::make_unique<Account>(
        connection, site_, "", connection.credentials, clock));
  }
}

absl::StatusOr<Account*> Session::OwnerOf(std::string_view path) const {
  Account* owner = Find("");
  for (const auto& account : accounts_) {
    if (account->group().empty() || !IsWithin(path, account->group())) continue;
    if (owner == nullptr || account->group().size() > owner->group().size()) {
      owner = account.get();
    }
  }
  if (owner == nullptr) {
    return Failure(FailureCode::kUnauthorized,
                   base::StrCat("there is no access token for a group that ",
                                base::Printable(path), " is in"));
  }
  return owner;
}

Account* Session::Find(std::string_view group) const {
  for (const auto& account : accounts_) {
    if (account->group() == group) return account.get();
  }
  return nullptr;
}

std::optional<http::Url> Session::registry() const {
  absl::MutexLock lock(&mutex_);
  if (registry_.host.empty()) return std::nullopt;
  return registry_;
}

absl::Status Session::Learn(const nlohmann::json& row, RepositoryRow& read) {
  read.id = NumberAt(row, "id");
  read.project = NumberAt(row, "project_id");
  read.path = TextAt(row, "path");
  read.going = TextAt(row, "status").starts_with("delete_");
  absl::MutexLock lock(&mutex_);
  if (!registry_.host.empty()) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(
      registry_, RegistryAt(site_.gitlab, TextAt(row, "location"), read.path));
  return absl::OkStatus();
}

absl::StatusOr<RepositoryRows> Session::Rows(Account& account,
                                             std::string_view list,
                                             const Place& place) {
  const std::string what = base::StrCat("container repositories of ",
                                        base::Printable(http::Unescape(list)));
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      account.GetSeen(base::StrCat(list, "/registry/repositories?per_page=",
                                   kRowsPerPage, "&page=", place.page),
                      what));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              JsonOf(response, what));
  if (!json.is_array() || json.size() > kRowsPerPage) {
    return Failure(FailureCode::kNetworkError,
                   base::StrCat("GitLab's answer is no list of ", what),
                   "Protocol");
  }
  RepositoryRows page;
  LANDWAITER_ASSIGN_OR_RETURN(page.next, Behind(place, response, kRowsPerPage));
  for (const nlohmann::json& row : json) {
    RepositoryRow read;
    LANDWAITER_RETURN_IF_ERROR(Learn(row, read));
    if (model::IsValidRepository(read.path)) {
      page.rows.push_back(std::move(read));
    }
  }
  return page;
}

absl::StatusOr<RepositoryRow> Session::RowOf(Account& account,
                                             std::string_view path) {
  for (std::string_view project = path; base::Contains(project, "/");
       project = project.substr(0, project.rfind('/'))) {
    const std::string list =
        base::StrCat("/projects/", http::EscapeComponent(project));
    RepositoryRows page;
    do {
      auto rows = Rows(account, list, page.next.place);
      if (base::FailureCodeOf(rows.status()) == FailureCode::kUnauthorized &&
          !account.rejected()) {
        break;  // no project of this name that the token may see
      }
      LANDWAITER_RETURN_IF_ERROR(rows.status());
      page = *std::move(rows);
      for (RepositoryRow& row : page.rows) {
        if (row.path == path) return std::move(row);
      }
    } while (!page.next.complete);
  }
  return Failure(FailureCode::kUnauthorized,
                 base::StrCat("GitLab shows no project with the repository ",
                              base::Printable(path), " to the access token"));
}

absl::StatusOr<Account::Pull*> Session::PullFor(Account& account,
                                                std::string_view path) {
  if (!registry()) {
    LANDWAITER_RETURN_IF_ERROR(RowOf(account, path).status());
  }
  return account.PullFrom(*registry());
}

}  // namespace landwaiter::agent::registry::gitlab
