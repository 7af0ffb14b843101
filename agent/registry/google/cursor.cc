#include "agent/registry/google/cursor.h"

#include <algorithm>

#include "core/base/strings.h"

namespace landwaiter::agent::registry::google {
namespace {

constexpr size_t kMaxPage = 4096;
constexpr uint64_t kMaxRestarts = 100;

}  // namespace

bool IsRepositoryId(std::string_view id) {
  return !id.empty() && id.size() <= 63 &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") ==
             id.npos &&
         id.front() != '.' && id.front() != '-';
}

std::string Cursor::ToString() const {
  return base::StrCat(repository, "|", restarts, "|", page);
}

absl::StatusOr<Cursor> Cursor::Parse(std::string_view text) {
  const auto repository = base::SplitOnce(text, '|');
  const auto rest =
      repository ? base::SplitOnce(repository->second, '|') : std::nullopt;
  if (rest && IsRepositoryId(repository->first)) {
    const std::string_view page = rest->second;
    const auto restarts = base::ParseUint64(rest->first);
    const bool plain = std::all_of(page.begin(), page.end(),
                                   [](char c) { return c > 0x20 && c < 0x7F; });
    if (restarts && *restarts <= kMaxRestarts && plain &&
        page.size() <= kMaxPage) {
      return Cursor{std::string(repository->first), *restarts,
                    std::string(page)};
    }
  }
  return absl::InvalidArgumentError("the cursor is not of Google's registry");
}

}  // namespace landwaiter::agent::registry::google
