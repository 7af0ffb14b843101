#include "analyzer/advisory/feed_format.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {

absl::StatusOr<std::string> FeedFile::ReadAll(uint64_t max_bytes) {
  constexpr size_t kStep = size_t{64} << 10;
  std::string bytes;
  while (true) {
    const size_t had = bytes.size();
    bytes.resize(had + kStep);
    LANDWAITER_ASSIGN_OR_RETURN(const size_t got,
                                Read(bytes.data() + had, kStep));
    bytes.resize(had + got);
    if (got == 0) return bytes;
    if (bytes.size() > max_bytes) {
      return absl::ResourceExhaustedError(base::StrCat(
          base::Printable(name()), " has more than ", max_bytes, " bytes"));
    }
  }
}

}  // namespace landwaiter::analyzer::advisory
