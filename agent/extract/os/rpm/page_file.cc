#include "agent/extract/os/rpm/page_file.h"

#include "core/base/failure.h"

namespace landwaiter::agent::extract::os {

PageFile::PageFile(File& file, uint64_t page_size, uint64_t first)
    : file_(file),
      page_size_(page_size),
      first_(first),
      taken_(file.size() / page_size) {}

absl::StatusOr<bool> PageFile::Read(uint64_t number, std::string* page) {
  if (number < first_ || number - first_ >= taken_.size()) return false;
  return ReadExactly(file_, (number - first_) * page_size_, page_size_, page);
}

absl::StatusOr<bool> PageFile::Take(uint64_t number, std::string* page) {
  if (number < first_ || number - first_ >= taken_.size()) return false;
  if (taken_[number - first_]) return false;
  taken_[number - first_] = true;
  return Read(number, page);
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

}  // namespace landwaiter::agent::extract::os
