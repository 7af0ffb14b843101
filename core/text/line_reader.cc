#include "core/text/line_reader.h"

#include <algorithm>

#include "core/base/failure.h"

namespace landwaiter::text {
namespace {

constexpr size_t kBlock = size_t{64} * 1024;

}  // namespace

absl::StatusOr<std::optional<std::string_view>> LineReader::Next() {
  line_.clear();
  cut_ = false;
  bool any = false;
  while (true) {
    if (position_ == block_.size()) {
      LANDWAITER_ASSIGN_OR_RETURN(const bool more, Fill());
      if (!more) break;
    }
    any = true;
    const std::string_view rest = std::string_view(block_).substr(position_);
    const size_t end = rest.find('\n');
    Append(rest.substr(0, end));
    position_ += end == rest.npos ? rest.size() : end + 1;
    if (end != rest.npos) break;
  }
  if (!any) return std::nullopt;
  ++number_;
  if (!cut_ && line_.ends_with('\r')) line_.pop_back();
  return std::string_view(line_);
}

absl::StatusOr<bool> LineReader::Fill() {
  block_.resize(kBlock);
  position_ = 0;
  const auto read = file_.ReadAt(offset_, block_.data(), block_.size());
  block_.resize(read.ok() ? *read : 0);
  if (!read.ok()) return read.status();
  offset_ += *read;
  return *read > 0;
}

void LineReader::Append(std::string_view part) {
  const size_t room = max_line_ - line_.size();
  if (part.size() > room) cut_ = true;
  line_.append(part.substr(0, room));
}

}  // namespace landwaiter::text
