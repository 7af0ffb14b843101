#ifndef LANDWAITER_AGENT_REGISTRY_GITLAB_CURSOR_H_
#define LANDWAITER_AGENT_REGISTRY_GITLAB_CURSOR_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/http/client.h"

namespace landwaiter::agent::registry::gitlab {

// Where a listing by pages of rows stands.
struct Place {
  int64_t page = 1;
  int64_t total = -1;  // rows when the listing began; -1: not told
  friend bool operator==(const Place&, const Place&) = default;
};

// Where a listing of all repositories stands.
struct Cursor {
  std::string account;  // a group of the connection; empty: the administrator
  // Of the administrator: the page of groups, and the group in work (0: the
  // page's first that was not).
  int64_t groups_page = 1;
  int64_t group = 0;
  Place place;

  // INVALID_ARGUMENT for a text that ToText did not make.
  static absl::StatusOr<Cursor> Parse(std::string_view text);
  std::string ToText() const;
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

// Where to go on behind a page that `place` asked for. The end is a missing
// next page (totals are left out above 10,000 rows).
struct Next {
  bool complete = false;
  // Rows were removed while the list was read, and what follows moved up
  // across pages: `place` is before what may have been missed.
  bool shrunk = false;
  Place place;
};
// NetworkError (Protocol) for a next page that is none.
absl::StatusOr<Next> Behind(const Place& place, const http::Response& response,
                            int64_t rows_per_page);

}  // namespace landwaiter::agent::registry::gitlab

#endif  // LANDWAITER_AGENT_REGISTRY_GITLAB_CURSOR_H_
