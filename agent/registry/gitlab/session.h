#ifndef LANDWAITER_AGENT_REGISTRY_GITLAB_SESSION_H_
#define LANDWAITER_AGENT_REGISTRY_GITLAB_SESSION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/registry/connection.h"
#include "agent/registry/gitlab/account.h"
#include "agent/registry/gitlab/cursor.h"
#include "agent/registry/gitlab/site.h"
#include "core/base/clock.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::registry::gitlab {

// A repository as GitLab's lists name it.
struct RepositoryRow {
  int64_t id = 0;
  int64_t project = 0;
  std::string path;    // valid
  bool going = false;  // its deletion has begun
};

// A page of such a list.
struct RepositoryRows {
  std::vector<RepositoryRow> rows;
  Next next;
};

// What the parts of the client share: the two addresses and the accounts.
// Thread-safe.
class Session {
 public:
  static constexpr int kRowsPerPage = 100;  // the most that GitLab gives

  Session(const Connection& connection, Site site, base::Clock& clock);

  const Site& site() const { return site_; }
  const std::vector<std::unique_ptr<Account>>& accounts() const {
    return accounts_;
  }
  // The account for a repository: of the deepest group that it is in.
  // Unauthorized if there is none.
  absl::StatusOr<Account*> OwnerOf(std::string_view path) const;
  // The account of exactly this group; null if the connection has none.
  Account* Find(std::string_view group) const;

  // A page of "/groups/ID/registry/repositories" or of a project's. Learns
  // where the registry is.
  absl::StatusOr<RepositoryRows> Rows(Account& account, std::string_view list,
                                      const Place& place);
  // The row of one repository, asked for project by project, since its path
  // does not tell which part of it is the project's. Unauthorized if GitLab
  // shows none.
  absl::StatusOr<RepositoryRow> RowOf(Account& account, std::string_view path);
  // The registry's side of `account` for the repository `path`.
  absl::StatusOr<Account::Pull*> PullFor(Account& account,
                                         std::string_view path);
  // Where the registry is, if that is known by now.
  std::optional<http::Url> registry() const;

 private:
  absl::Status Learn(const nlohmann::json& row, RepositoryRow& read);

  const Site site_;
  std::vector<std::unique_ptr<Account>> accounts_;
  mutable absl::Mutex mutex_;
  http::Url registry_ ABSL_GUARDED_BY(mutex_);  // host empty: not known
};

}  // namespace landwaiter::agent::registry::gitlab

#endif  // LANDWAITER_AGENT_REGISTRY_GITLAB_SESSION_H_
