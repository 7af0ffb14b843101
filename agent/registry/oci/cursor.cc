#include "agent/registry/oci/cursor.h"

#include <algorithm>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/url.h"

namespace landwaiter::agent::registry::oci {
namespace {

constexpr size_t kMaxLast = 512;
constexpr uint64_t kMaxSteps = uint64_t{1} << 40;

bool IsUsable(std::string_view last) {
  return !last.empty() && last.size() <= kMaxLast &&
         std::all_of(last.begin(), last.end(),
                     [](char c) { return c > 0x20 && c < 0x7F; });
}

absl::Status Unusable(std::string_view why) {
  return base::Failure(base::FailureCode::kNetworkError,
                       base::StrCat("the next page of a list ", why),
                       "Protocol");
}

}  // namespace

absl::StatusOr<Cursor> Cursor::Parse(std::string_view text) {
  Cursor cursor;
  if (text.empty()) return cursor;
  const std::vector<std::string_view> parts = base::Split(text, ' ');
  const auto invalid = [] {
    return absl::InvalidArgumentError("the cursor is not one of this registry");
  };
  if (!IsUsable(parts[0])) return invalid();
  cursor.last_ = std::string(parts[0]);
  cursor.steps_ = cursor.limit_;  // as after the first page
  if (parts.size() == 1) return cursor;
  if (parts.size() != 4 || !IsUsable(parts[1])) return invalid();
  const auto steps = base::ParseUint64(parts[2]);
  const auto limit = base::ParseUint64(parts[3]);
  if (!steps || !limit || *limit == 0 || *limit > kMaxSteps ||
      *steps > *limit) {
    return invalid();
  }
  cursor.earlier_ = std::string(parts[1]);
  cursor.steps_ = *steps;
  cursor.limit_ = *limit;
  return cursor;
}

std::string Cursor::ToString() const {
  if (earlier_.empty()) return last_;
  return base::StrCat(last_, " ", earlier_, " ", steps_, " ", limit_);
}

std::string Cursor::Query() const {
  std::string query;
  for (const char c : last_) {
    query += c == '/' ? "/" : http::EscapeComponent(std::string_view(&c, 1));
  }
  return query;
}

absl::Status Cursor::Advance(std::string_view last) {
  if (!IsUsable(last)) return Unusable("is named in a way that is not known");
  if (steps_ == limit_) {
    earlier_ = last_;
    steps_ = 0;
    limit_ *= 2;
  }
  ++steps_;
  last_ = std::string(last);
  if (last_ == earlier_) return Unusable("has been there before");
  return absl::OkStatus();
}

}  // namespace landwaiter::agent::registry::oci
