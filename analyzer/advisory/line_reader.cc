#include "analyzer/advisory/line_reader.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {

absl::StatusOr<bool> LineReader::Next(std::string_view& line) {
  line_.clear();
  bool any = false;
  while (true) {
    if (at_ == size_) {
      LANDWAITER_ASSIGN_OR_RETURN(size_,
                                  file_.Read(buffer_.data(), buffer_.size()));
      at_ = 0;
      if (size_ == 0) break;
    }
    any = true;
    const auto from = buffer_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto to = buffer_.begin() + static_cast<std::ptrdiff_t>(size_);
    const auto end = std::find(from, to, '\n');
    line_.append(from, end);
    at_ = static_cast<size_t>(end - buffer_.begin());
    if (line_.size() > kMaxLine) {
      return absl::InvalidArgumentError(
          base::StrCat(base::Printable(file_.name()), ": line ", number_ + 1,
                       " has more than ", kMaxLine, " bytes"));
    }
    if (end == to) continue;
    ++at_;
    break;
  }
  if (!any) return false;
  ++number_;
  if (line_.ends_with('\r')) line_.pop_back();
  line = line_;
  return true;
}

}  // namespace landwaiter::analyzer::advisory
