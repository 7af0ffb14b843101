#include "agent/extract/os/rpm/page_file.h"

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

}  // namespace landwaiter::agent::extract::os
