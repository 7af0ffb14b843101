#ifndef LANDWAITER_AGENT_EXTRACT_OS_RPM_PAGE_FILE_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RPM_PAGE_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/extract/file.h"

namespace landwaiter::agent::extract::os {

// A database file as numbered pages of one size.
class PageFile {
 public:
  // The first page is `first` (SQLite counts from 1). `page_size` > 0.
  PageFile(File& file, uint64_t page_size, uint64_t first);

  // Reads page `number` to `page`. False if the file has no such whole page;
  // errors are the file's.
  absl::StatusOr<bool> Read(uint64_t number, std::string* page);

  // The same, and false if the page was taken before. For following links: in
  // a sound database no page is linked twice; in a hostile one this bounds the
  // work to the file's size and ends every cycle.
  absl::StatusOr<bool> Take(uint64_t number, std::string* page);

  // Whole pages in the file.
  uint64_t count() const { return taken_.size(); }
  uint64_t page_size() const { return page_size_; }

 private:
  File& file_;
  const uint64_t page_size_;
  const uint64_t first_;
  std::vector<bool> taken_;
};

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RPM_PAGE_FILE_H_
