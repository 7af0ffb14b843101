#include "agent/registry/quay/cursor.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::quay {
namespace {

constexpr int kMaxRestarts = 2;
constexpr size_t kMaxToken = 2048;

// Base64, of either alphabet.
bool IsPageToken(std::string_view text) {
  return text.size() <= kMaxToken &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '=' ||
                  c == '+' || c == '/';
         });
}

absl::Status NotACursor() {
  return absl::InvalidArgumentError("the cursor is not of this registry");
}

}  // namespace

std::string ToCursor(const Place& place) {
  return base::StrCat(place.list, "|", place.restarts, "|", place.first, "|",
                      place.next_page);
}

absl::StatusOr<Place> ParseCursor(std::string_view cursor) {
  const auto parts = base::Split(cursor, '|');
  if (parts.size() != 4) return NotACursor();
  const auto restarts = base::ParseInt64(parts[1]);
  if (!restarts || *restarts < 0 || *restarts > kMaxRestarts ||
      (!parts[0].empty() && !model::IsValidRepository(parts[0])) ||
      (!parts[2].empty() && !model::IsValidRepository(parts[2])) ||
      !IsPageToken(parts[3])) {
    return NotACursor();
  }
  return Place{.list = std::string(parts[0]),
               .next_page = std::string(parts[3]),
               .first = std::string(parts[2]),
               .restarts = static_cast<int>(*restarts)};
}

absl::StatusOr<Step> NextPlace(const Place& place,
                               const std::string& page_first,
                               const std::string& next_page) {
  Step step{.next = place};
  step.next.next_page = next_page;
  if (place.next_page.empty()) {
    step.next.first = model::IsValidRepository(page_first) ? page_first : "";
  } else if (page_first.empty() || page_first == place.first) {
    step.again = true;
    step.next.next_page.clear();
    ++step.next.restarts;
  }
  if (step.next.restarts > kMaxRestarts) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "Quay begins a list of repositories again and again",
                         "Protocol");
  }
  if (!IsPageToken(step.next.next_page) ||
      (!step.again && !next_page.empty() && next_page == place.next_page)) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "the next page of a list of repositories cannot be "
                         "asked for",
                         "Protocol");
  }
  return step;
}

}  // namespace landwaiter::agent::registry::quay
