#ifndef LANDWAITER_AGENT_REGISTRY_HARBOR_PAGE_CURSOR_H_
#define LANDWAITER_AGENT_REGISTRY_HARBOR_PAGE_CURSOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landwaiter::agent::registry::harbor {

struct NextPage;

// Where in a list of numbered pages a listing is, in the order of ids. Pages
// shift when something is removed in front of them, and then an element is
// passed over unseen: so a listing whose list got shorter, or that saw less
// than the list has, starts again.
struct PageCursor {
  static constexpr int kLargestPage = 100;  // one more is 422
  static constexpr int kMaxRestarts = 3;

  int64_t page = 1;
  int64_t size = kLargestPage;
  int64_t seen = 0;   // elements of the pages before
  int64_t total = 0;  // of the list when the page before was read
  int restarts = 0;

  // As text: "3/100/200/250/0". An empty text is the beginning.
  static std::optional<PageCursor> Parse(std::string_view text);
  std::string ToText() const;

  // Half the page, from the same element on: for pages that a proxy finds too
  // slow. nullopt if it is small enough already.
  std::optional<PageCursor> Halved() const;

  // What comes after a page of `count` elements of a list that has
  // `new_total` now (as the server says; nullopt: it does not).
  // NetworkError if the list changes faster than it can be read.
  absl::StatusOr<NextPage> After(int64_t count,
                                 std::optional<int64_t> new_total) const;
};

struct NextPage {
  std::optional<PageCursor> cursor;  // nullopt: this was the last
};

}  // namespace landwaiter::agent::registry::harbor

#endif  // LANDWAITER_AGENT_REGISTRY_HARBOR_PAGE_CURSOR_H_
