#include "agent/registry/hosted/namespace_pages.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::hosted {
namespace {

struct Place {
  std::string name;
  int64_t page = 1;
};

std::optional<Place> ReadCursor(std::string_view cursor) {
  const auto parts = base::SplitOnce(cursor, ' ');
  const auto page = parts ? base::ParseInt64(parts->second) : std::nullopt;
  if (!page || *page < 1 || !model::IsValidRepository(parts->first)) {
    return std::nullopt;
  }
  return Place{std::string(parts->first), *page};
}

std::string WriteCursor(const std::string& name, int64_t page) {
  return base::StrCat(name, " ", page);
}

}  // namespace

absl::StatusOr<RepositoryPage> ListByNamespace(
    const std::vector<std::string>& namespaces, std::string_view cursor,
    absl::FunctionRef<absl::StatusOr<NamespacePage>(const std::string& name,
                                                    int64_t page)>
        page_of) {
  const std::optional<Place> place =
      cursor.empty() ? Place{namespaces.front()} : ReadCursor(cursor);
  if (!place) {
    return absl::InvalidArgumentError("the cursor is not of this registry");
  }
  RepositoryPage page;
  auto next =
      std::lower_bound(namespaces.begin(), namespaces.end(), place->name);
  if (next != namespaces.end() && *next == place->name) {
    LANDWAITER_ASSIGN_OR_RETURN(NamespacePage here,
                                page_of(place->name, place->page));
    page.repositories = std::move(here.repositories);
    if (here.next != 0) {
      page.next_cursor = WriteCursor(place->name, here.next);
      return page;
    }
    ++next;
  }
  page.complete = next == namespaces.end();
  if (!page.complete) page.next_cursor = WriteCursor(*next, 1);
  return page;
}

}  // namespace landwaiter::agent::registry::hosted
