#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_PAGING_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_PAGING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landwaiter::agent::registry::cloud {

// A place in a list that is paged by number or offset and tells how many
// entries there are. Such a list moves when entries are deleted while it is
// read, and what slides over the border of a page is never seen; it would then
// be taken for deleted. So when the total changes, the list starts again.
struct ListPlace {
  std::string of;         // what is listed; no "|"
  uint64_t position = 0;  // entries before the page
  int64_t total = -1;     // by the first page's word; -1: not asked yet
  uint64_t restarts = 0;

  // "of|position|total|restarts".
  std::string ToCursor() const;
  // INVALID_ARGUMENT for what ToCursor did not make.
  static absl::StatusOr<ListPlace> FromCursor(std::string_view cursor);
};

enum class Step {
  kNext,     // `place` is that of the next page
  kRestart,  // `place` is the first page's: the list has moved
  kEnd,      // that was the last page
};

// Where to go on after a page with `entries` entries of `total`. The step is
// taken in `place`. NetworkError: a page that is empty or short though more is
// to come (an outage, lost rights), or a list that never keeps still.
absl::StatusOr<Step> TakeStep(uint64_t entries, uint64_t page_size,
                              uint64_t total, ListPlace& place);

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_PAGING_H_
