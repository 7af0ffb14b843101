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
  const auto parts = base::Split(text, '|');
  if (parts.size() == 3) {
    const auto restarts = base::ParseUint64(parts[1]);
    const bool plain = std::all_of(parts[2].begin(), parts[2].end(),
                                   [](char c) { return c > 0x20 && c < 0x7F; });
    if (restarts && *restarts <= kMaxRestarts && plain &&
        parts[2].size() <= kMaxPage && IsRepositoryId(parts[0])) {
      return Cursor{std::string(parts[0]), *restarts, std::string(parts[2])};
    }
  }
  return absl::InvalidArgumentError("the cursor is not of Google's registry");
}

}  // namespace landwaiter::agent::registry::google
