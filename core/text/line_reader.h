#ifndef LANDWAITER_CORE_TEXT_LINE_READER_H_
#define LANDWAITER_CORE_TEXT_LINE_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/base/file.h"

namespace landwaiter::text {

// Reads a file line by line in blocks, so that memory depends neither on the
// file's size nor on its longest line. Not thread-safe.
class LineReader {
 public:
  // A line is cut after `max_line` bytes; what is beyond is skipped.
  static constexpr size_t kDefaultMaxLine = size_t{64} * 1024;

  // `file` must outlive the reader.
  explicit LineReader(base::File& file, size_t max_line = kDefaultMaxLine)
      : file_(file), max_line_(max_line) {}

  // The next line without its "\n" or "\r\n", nullopt after the last. Valid
  // until the next call. Errors are the file's.
  absl::StatusOr<std::optional<std::string_view>> Next();

  // Of the line that Next returned last: its number, from 1, and whether it
  // was cut.
  uint64_t number() const { return number_; }
  bool cut() const { return cut_; }

 private:
  absl::StatusOr<bool> Fill();
  void Append(std::string_view part);

  base::File& file_;
  const size_t max_line_;
  std::string block_;
  size_t position_ = 0;  // in block_
  uint64_t offset_ = 0;  // in the file, of the end of block_
  std::string line_;
  uint64_t number_ = 0;
  bool cut_ = false;
};

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_LINE_READER_H_
