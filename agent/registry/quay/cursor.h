#ifndef LANDWAITER_AGENT_REGISTRY_QUAY_CURSOR_H_
#define LANDWAITER_AGENT_REGISTRY_QUAY_CURSOR_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landwaiter::agent::registry::quay {

// Where a list of repositories goes on.
struct Place {
  std::string list;       // an organization; empty: the catalog
  std::string next_page;  // Quay's token; empty: from the beginning
  std::string first;      // name that the list begins with
  int restarts = 0;       // how often it has begun again
};

// As text: "list|restarts|first|next_page".
std::string ToCursor(const Place& place);
// INVALID_ARGUMENT for what ToCursor did not make.
absl::StatusOr<Place> ParseCursor(std::string_view cursor);

// Quay answers for a token of a page that it does not know any more (they last
// two days) with the first page, and for another user's with an empty page,
// both with status 200. `page_first` is the first name of what came for
// `place`, empty if nothing did, and `next_page` what it says of the next.
//
// The place of the next page; its `next_page` is empty if the list ends with
// this page, and `again` is set where the list must begin again, with nothing
// of this page. NetworkError if it has begun again too often.
struct Step {
  Place next;
  bool again = false;
};
absl::StatusOr<Step> NextPlace(const Place& place,
                               const std::string& page_first,
                               const std::string& next_page);

}  // namespace landwaiter::agent::registry::quay

#endif  // LANDWAITER_AGENT_REGISTRY_QUAY_CURSOR_H_
