#ifndef LANDWAITER_ANALYZER_ADVISORY_LINE_READER_H_
#define LANDWAITER_ANALYZER_ADVISORY_LINE_READER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// The lines of a feed's file, one at a time.
class LineReader {
 public:
  static constexpr size_t kMaxLine = size_t{1} << 20;  // bytes

  // `file` must outlive it.
  explicit LineReader(FeedFile& file) : file_(file), buffer_(1 << 16) {}

  // The next line without its end ("\n" or "\r\n"), valid until the next call;
  // false at the end of the file. INVALID_ARGUMENT for a line of more than
  // kMaxLine, errors of the file.
  absl::StatusOr<bool> Next(std::string_view& line);

  uint64_t number() const { return number_; }  // of the last line, from 1

 private:
  FeedFile& file_;
  std::vector<char> buffer_;
  size_t at_ = 0, size_ = 0;
  uint64_t number_ = 0;
  std::string line_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_LINE_READER_H_
