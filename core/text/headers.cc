#include "core/text/headers.h"

#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::text {

absl::StatusOr<std::optional<HeaderReader::Header>> HeaderReader::Next() {
  while (!done_) {
    LANDWAITER_ASSIGN_OR_RETURN(auto line, lines_.Next());
    if (line.has_value() && lines_.number() == 1 &&
        line->starts_with("\xEF\xBB\xBF")) {
      line->remove_prefix(3);
    }
    if (!line.has_value() || line->empty()) {
      done_ = true;
      break;
    }
    if (line->front() == ' ' || line->front() == '\t') {
      if (header_.has_value() && header_->value.size() < kMaxValue) {
        const std::string_view more = base::Strip(*line);
        base::StrAppend(&header_->value, "\n", more);
      }
      continue;
    }
    const auto parts = base::SplitOnce(*line, ':');
    std::optional<Header> next;
    if (parts.has_value()) {
      next = Header{.name = base::ToLower(base::Strip(parts->first)),
                    .value = std::string(base::Strip(parts->second))};
    }
    std::swap(header_, next);
    if (next.has_value()) return next;
  }
  return std::exchange(header_, std::nullopt);
}

}  // namespace landwaiter::text
