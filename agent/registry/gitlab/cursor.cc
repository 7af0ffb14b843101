#include "agent/registry/gitlab/cursor.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "agent/registry/transport/link.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

std::optional<int64_t> HeaderNumber(const http::Response& response,
                                    std::string_view name) {
  const std::string* value = http::FindHeader(response.headers, name);
  return value == nullptr ? std::nullopt
                          : base::ParseInt64(base::Strip(*value));
}

}  // namespace

absl::StatusOr<Cursor> Cursor::Parse(std::string_view text) {
  const auto parts = base::Split(text, ' ');
  if (parts.size() == 5) {
    const auto groups_page = base::ParseInt64(parts[1]);
    const auto group = base::ParseInt64(parts[2]);
    const auto page = base::ParseInt64(parts[3]);
    const auto total = base::ParseInt64(parts[4]);
    if (groups_page && group && page && total && *groups_page > 0 &&
        *group >= 0 && *page > 0 && *total >= -1) {
      return Cursor{std::string(parts[0]), *groups_page, *group,
                    Place{*page, *total}};
    }
  }
  return absl::InvalidArgumentError("the cursor is not of a GitLab's listing");
}

std::string Cursor::ToText() const {
  return base::StrCat(account, " ", groups_page, " ", group, " ", place.page,
                      " ", place.total);
}

absl::StatusOr<Next> Behind(const Place& place, const http::Response& response,
                            int64_t rows_per_page) {
  Next next;
  const int64_t total = HeaderNumber(response, "X-Total").value_or(-1);
  if (total >= 0 && place.total > total) {
    const int64_t pages =
        (place.total - total + rows_per_page - 1) / rows_per_page;
    next.shrunk = true;
    next.place = {std::max<int64_t>(1, place.page - pages), total};
    return next;
  }
  auto page = HeaderNumber(response, "X-Next-Page");
  if (!page) {
    page = base::ParseInt64(
        QueryValue(NextLink(response.headers), "page").value_or(""));
  }
  if (page && *page <= place.page) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "the next page of a list is not behind this one",
                         "Protocol");
  }
  next.complete = !page;
  if (page) next.place = {*page, std::max(total, place.total)};
  return next;
}

}  // namespace landwaiter::agent::registry::gitlab
