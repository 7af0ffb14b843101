#include "agent/registry/cloud/paging.h"

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::cloud {
namespace {

constexpr uint64_t kMaxRestarts = 3;
constexpr uint64_t kMaxPosition = 100'000'000;

absl::Status Moved(std::string_view message) {
  return base::Failure(base::FailureCode::kNetworkError, message, "Listing");
}

}  // namespace

std::string ListPlace::ToCursor() const {
  return base::StrCat(of, "|", position, "|", total, "|", restarts);
}

absl::StatusOr<ListPlace> ListPlace::FromCursor(std::string_view cursor) {
  const auto parts = base::Split(cursor, '|');
  if (parts.size() == 4) {
    const auto position = base::ParseUint64(parts[1]);
    const auto total = base::ParseInt64(parts[2]);
    const auto restarts = base::ParseUint64(parts[3]);
    if (position && total && restarts && *position <= kMaxPosition &&
        *total >= -1 && *restarts <= kMaxRestarts) {
      return ListPlace{std::string(parts[0]), *position, *total, *restarts};
    }
  }
  return absl::InvalidArgumentError("the cursor is not of this registry");
}

absl::StatusOr<Step> TakeStep(uint64_t entries, uint64_t page_size,
                              uint64_t total, ListPlace& place) {
  if (place.total >= 0 && total != static_cast<uint64_t>(place.total)) {
    if (place.restarts >= kMaxRestarts) {
      return Moved("the list changes faster than it can be read");
    }
    place = {place.of, 0, -1, place.restarts + 1};
    return Step::kRestart;
  }
  place.total = static_cast<int64_t>(total);
  const uint64_t after = place.position + entries;
  if (after < total && (entries == 0 || entries < page_size)) {
    return Moved(
        base::StrCat("the list ends after ", after, " of ", total, " entries"));
  }
  place.position = after;
  return after < total ? Step::kNext : Step::kEnd;
}

}  // namespace landwaiter::agent::registry::cloud
