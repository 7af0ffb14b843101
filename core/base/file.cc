#include "core/base/file.h"

#include <algorithm>
#include <cstring>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::base {

absl::StatusOr<std::string> File::ReadAll(uint64_t limit) {
  if (size() > limit) {
    return Failure(
        FailureCode::kLimitExceeded,
        StrCat("the file has ", size(), " bytes, the limit is ", limit),
        "fileSize");
  }
  std::string content(size(), '\0');
  size_t done = 0;
  while (done < content.size()) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const size_t n,
        ReadAt(done, content.data() + done, content.size() - done));
    if (n == 0) break;
    done += n;
  }
  content.resize(done);
  return content;
}

absl::StatusOr<bool> ReadExactly(File& file, uint64_t offset, uint64_t size,
                                 std::string* bytes) {
  bytes->clear();
  if (offset > file.size() || size > file.size() - offset) return false;
  bytes->resize(size);
  uint64_t done = 0;
  while (done < size) {
    LANDWAITER_ASSIGN_OR_RETURN(
        const size_t n,
        file.ReadAt(offset + done, bytes->data() + done, size - done));
    if (n == 0) return false;
    done += n;
  }
  return true;
}

absl::StatusOr<size_t> MemoryFile::ReadAt(uint64_t offset, char* buffer,
                                          size_t size) {
  if (offset >= bytes_.size()) return 0;
  const size_t n = std::min<uint64_t>(size, bytes_.size() - offset);
  std::memcpy(buffer, bytes_.data() + offset, n);
  return n;
}

}  // namespace landwaiter::base
