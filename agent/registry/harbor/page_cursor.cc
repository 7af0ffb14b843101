#include "agent/registry/harbor/page_cursor.h"

#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::harbor {
namespace {

constexpr int64_t kSmallestPage = 12;
constexpr int64_t kMaxPage = 1'000'000;

}  // namespace

std::optional<PageCursor> PageCursor::Parse(std::string_view text) {
  PageCursor cursor;
  if (text.empty()) return cursor;
  std::vector<int64_t> numbers;
  for (const std::string_view part : base::Split(text, '/')) {
    const auto number = base::ParseInt64(part);
    if (!number || *number < 0) return std::nullopt;
    numbers.push_back(*number);
  }
  if (numbers.size() != 5 || numbers[0] < 1 || numbers[0] > kMaxPage ||
      numbers[1] < 1 || numbers[1] > kLargestPage ||
      numbers[4] > kMaxRestarts) {
    return std::nullopt;
  }
  cursor.page = numbers[0];
  cursor.size = numbers[1];
  cursor.seen = numbers[2];
  cursor.total = numbers[3];
  cursor.restarts = static_cast<int>(numbers[4]);
  return cursor;
}

std::string PageCursor::ToText() const {
  return base::StrCat(page, "/", size, "/", seen, "/", total, "/", restarts);
}

std::optional<PageCursor> PageCursor::Halved() const {
  if (size % 2 != 0 || size / 2 < kSmallestPage) return std::nullopt;
  PageCursor half = *this;
  half.size = size / 2;
  half.page = 2 * page - 1;
  return half;
}

absl::StatusOr<NextPage> PageCursor::After(
    int64_t count, std::optional<int64_t> new_total) const {
  const int64_t so_far = seen + count;
  const bool shorter = new_total && *new_total < total;
  // A full page may be the last, too; a short one is no end if the list is
  // known to be longer.
  const bool more = new_total ? page * size < *new_total : count >= size;
  if (more && !shorter) {
    PageCursor next = *this;
    ++next.page;
    next.seen = so_far;
    next.total = new_total.value_or(0);
    return NextPage{next};
  }
  if (!shorter && (!new_total || so_far >= *new_total)) {
    return NextPage{std::nullopt};
  }
  if (restarts >= kMaxRestarts) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "the list changes faster than it can be read",
                         "Protocol");
  }
  PageCursor again;
  again.restarts = restarts + 1;
  again.size = size;
  return NextPage{again};
}

}  // namespace landwaiter::agent::registry::harbor
