#include "agent/extract/problems.h"

#include "core/base/strings.h"

namespace landwaiter::agent::extract {

void Problems::Add(std::string_view what) {
  if (count_++ == 0) first_ = what;
}

std::string Problems::Text() const {
  if (count_ <= 1) return first_;
  return base::StrCat(first_, " (and ", count_ - 1, " more)");
}

}  // namespace landwaiter::agent::extract
