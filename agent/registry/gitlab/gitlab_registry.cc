#include "agent/registry/gitlab/gitlab_registry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/gitlab/cursor.h"
#include "agent/registry/gitlab/session.h"
#include "agent/registry/gitlab/site.h"
#include "agent/registry/gitlab/tags.h"
#include "agent/registry/gitlab/verify.h"
#include "agent/registry/transport/api_client.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using base::Failure;
using base::FailureCode;

// A page of the groups that an administrator lists, lowest id first.
struct GroupsPage {
  int64_t page = 0;
  std::vector<int64_t> ids;
  bool last = false;
};

class GitLabRegistry : public Registry {
 public:
  GitLabRegistry(Connection connection, base::Clock& clock)
      : connection_(std::move(connection)), clock_(clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;
  absl::StatusOr<model::Digest> ResolveTag(std::string_view repository,
                                           std::string_view tag) override;
  absl::StatusOr<source::RawManifest> GetManifest(std::string_view repository,
                                                  std::string_view reference,
                                                  uint64_t limit) override;
  absl::Status FetchBlob(std::string_view repository,
                         const model::Descriptor& blob,
                         source::BlobSink sink) override;

 private:
  // The session, opened at the first use; one that failed is tried again.
  absl::StatusOr<Session*> Open();
  struct Way {
    Account* account;
    Registry* oci;
  };
  absl::StatusOr<Way> WayTo(std::string_view repository);
  absl::StatusOr<GroupsPage> GroupsAt(Account& account, int64_t page);
  // Moves on to the administrator's next group; false behind the last.
  absl::StatusOr<bool> EnterGroup(Account& account, Cursor& cursor);
  void LeaveAccount(const Session& session, const Account& account,
                    RepositoryPage& page);

  const Connection connection_;
  base::Clock& clock_;
  absl::Mutex opening_;
  std::unique_ptr<Session> session_ ABSL_GUARDED_BY(opening_);
  std::unique_ptr<TagLister> tags_ ABSL_GUARDED_BY(opening_);
  absl::Mutex mutex_;
  GroupsPage groups_ ABSL_GUARDED_BY(mutex_);
};

absl::StatusOr<Session*> GitLabRegistry::Open() {
  absl::MutexLock lock(&opening_);
  if (session_ == nullptr) {
    LANDWAITER_ASSIGN_OR_RETURN(Site site, FindSite(connection_, clock_));
    session_ = std::make_unique<Session>(connection_, std::move(site), clock_);
    tags_ = std::make_unique<TagLister>(*session_);
  }
  return session_.get();
}

absl::StatusOr<Verification> GitLabRegistry::Verify() {
  const auto session = Open();
  if (!session.ok()) return AsVerifyFailure(session.status());
  return VerifyAccounts(**session, clock_.Now());
}

absl::StatusOr<GroupsPage> GitLabRegistry::GroupsAt(Account& account,
                                                    int64_t page) {
  {
    absl::MutexLock lock(&mutex_);
    if (groups_.page == page) return groups_;
  }
  // Who is no administrator any more is shown fewer groups, not an error.
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response user,
                              account.GetSeen("/user", "account"));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json who,
                              JsonOf(user, "the account"));
  if (!TrueAt(who, "is_admin")) {
    return Failure(FailureCode::kUnauthorized,
                   "the account is no administrator of the GitLab any more");
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      account.GetSeen(base::StrCat("/groups?top_level_only=true&all_available="
                                   "true&order_by=id&sort=asc&per_page=",
                                   Session::kRowsPerPage, "&page=", page),
                      "list of groups"));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              JsonOf(response, "the list of groups"));
  if (!json.is_array()) {
    return Failure(FailureCode::kNetworkError,
                   "GitLab's answer is no list of groups", "Protocol");
  }
  GroupsPage groups{.page = page};
  LANDWAITER_ASSIGN_OR_RETURN(
      const Next next, Behind({.page = page}, response, Session::kRowsPerPage));
  groups.last = next.complete;
  for (const nlohmann::json& row : json) {
    if (const int64_t id = NumberAt(row, "id"); id > 0) {
      groups.ids.push_back(id);
    }
  }
  std::sort(groups.ids.begin(), groups.ids.end());
  absl::MutexLock lock(&mutex_);
  return groups_ = std::move(groups);
}

absl::StatusOr<bool> GitLabRegistry::EnterGroup(Account& account,
                                                Cursor& cursor) {
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const GroupsPage groups,
                                GroupsAt(account, cursor.groups_page));
    const auto next =
        std::upper_bound(groups.ids.begin(), groups.ids.end(), cursor.group);
    cursor.place = {};
    if (next != groups.ids.end()) {
      cursor.group = *next;
      return true;
    }
    if (groups.last) return false;
    ++cursor.groups_page;
  }
}

void GitLabRegistry::LeaveAccount(const Session& session,
                                  const Account& account,
                                  RepositoryPage& page) {
  const auto& accounts = session.accounts();
  const auto here =
      std::find_if(accounts.begin(), accounts.end(),
                   [&](const auto& other) { return other.get() == &account; });
  page.complete = here + 1 == accounts.end();
  if (!page.complete) {
    page.next_cursor = Cursor{.account = (*(here + 1))->group()}.ToText();
  }
}

absl::StatusOr<RepositoryPage> GitLabRegistry::ListRepositories(
    std::string_view cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(Session* const session, Open());
  Cursor at{.account = session->accounts().front()->group()};
  if (cursor.empty()) {
    // A new listing does not go by what an old one saw.
    absl::MutexLock lock(&mutex_);
    groups_ = {};
  } else {
    LANDWAITER_ASSIGN_OR_RETURN(at, Cursor::Parse(cursor));
  }
  Account* const account = session->Find(at.account);
  if (account == nullptr) {
    return absl::InvalidArgumentError("the cursor is of a group that is gone");
  }
  RepositoryPage page;
  const bool administrator = at.account.empty();
  if (administrator && at.group == 0) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool entered, EnterGroup(*account, at));
    if (!entered) {
      LeaveAccount(*session, *account, page);
      return page;
    }
  }
  const std::string list = base::StrCat(
      "/groups/", administrator ? base::StrCat(at.group)
                                : http::EscapeComponent(at.account));
  LANDWAITER_ASSIGN_OR_RETURN(const RepositoryRows rows,
                              session->Rows(*account, list, at.place));
  for (const RepositoryRow& row : rows.rows) {
    if (row.going) continue;
    // What a deeper group has a token for is listed with that.
    const auto owner = session->OwnerOf(row.path);
    if (owner.ok() && *owner == account) {
      page.repositories.push_back({.name = row.path});
    }
  }
  at.place = rows.next.place;
  if (rows.next.complete) {
    bool more = false;
    if (administrator) {
      LANDWAITER_ASSIGN_OR_RETURN(more, EnterGroup(*account, at));
    }
    if (!more) {
      LeaveAccount(*session, *account, page);
      return page;
    }
  }
  page.next_cursor = at.ToText();
  return page;
}

absl::StatusOr<ArtifactPage> GitLabRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  if (!model::IsValidRepository(repository)) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  LANDWAITER_RETURN_IF_ERROR(Open().status());
  TagLister* tags;
  {
    absl::MutexLock lock(&opening_);
    tags = tags_.get();
  }
  return tags->List(repository, cursor);
}

absl::StatusOr<GitLabRegistry::Way> GitLabRegistry::WayTo(
    std::string_view repository) {
  if (!model::IsValidRepository(repository)) {
    return absl::InvalidArgumentError("the repository is invalid");
  }
  LANDWAITER_ASSIGN_OR_RETURN(Session* const session, Open());
  LANDWAITER_ASSIGN_OR_RETURN(Account* const account,
                              session->OwnerOf(repository));
  LANDWAITER_ASSIGN_OR_RETURN(Account::Pull* const pull,
                              session->PullFor(*account, repository));
  return Way{account, pull->oci.get()};
}

absl::StatusOr<model::Digest> GitLabRegistry::ResolveTag(
    std::string_view repository, std::string_view tag) {
  LANDWAITER_ASSIGN_OR_RETURN(const Way way, WayTo(repository));
  auto digest = way.oci->ResolveTag(repository, tag);
  if (!digest.ok()) return way.account->Judged(digest.status());
  return digest;
}

absl::StatusOr<source::RawManifest> GitLabRegistry::GetManifest(
    std::string_view repository, std::string_view reference, uint64_t limit) {
  LANDWAITER_ASSIGN_OR_RETURN(const Way way, WayTo(repository));
  auto manifest = way.oci->GetManifest(repository, reference, limit);
  if (!manifest.ok()) return way.account->Judged(manifest.status());
  return manifest;
}

absl::Status GitLabRegistry::FetchBlob(std::string_view repository,
                                       const model::Descriptor& blob,
                                       source::BlobSink sink) {
  LANDWAITER_ASSIGN_OR_RETURN(const Way way, WayTo(repository));
  const absl::Status status = way.oci->FetchBlob(repository, blob, sink);
  return status.ok() ? status : way.account->Judged(status);
}

// What may stand in a cursor and a URL: a full path of a group.
bool IsGroupPath(std::string_view text) {
  return model::IsValidRepository(base::ToLower(text));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewGitLabRegistry(
    Connection connection, base::Clock& clock) {
  connection.http.base.target.clear();
  if (connection.tokens.empty() && connection.credentials.empty()) {
    return absl::InvalidArgumentError(
        "a GitLab needs the access token of a group or of an administrator");
  }
  for (const ScopedToken& token : connection.tokens) {
    if (!IsGroupPath(token.name)) {
      return absl::InvalidArgumentError(base::StrCat(
          "not the full path of a group: ", base::Printable(token.name)));
    }
  }
  auto probe = http::NewClient(connection.http);
  if (!probe.ok()) return probe.status();
  return std::make_unique<GitLabRegistry>(std::move(connection), clock);
}

}  // namespace landwaiter::agent::registry::gitlab
