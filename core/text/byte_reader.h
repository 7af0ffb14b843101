#ifndef LANDWAITER_CORE_TEXT_BYTE_READER_H_
#define LANDWAITER_CORE_TEXT_BYTE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "core/base/file.h"

namespace landwaiter::text {

// Reads a file byte after byte, through a block. Not thread-safe.
class ByteReader {
 public:
  static constexpr int kEnd = -1;

  // `file` must outlive the reader. A byte order mark of UTF-8 is skipped.
  explicit ByteReader(base::File& file);

  // The next byte, or kEnd: at the end, and after an error of the file.
  int Peek() {
    if (position_ == block_.size() && !Fill()) return kEnd;
    return static_cast<unsigned char>(block_[position_]);
  }
  int Next() {
    const int byte = Peek();
    if (byte != kEnd) ++position_;
    if (byte == '\n') ++line_;
    return byte;
  }

  // The line, from 1, and the offset of the next byte.
  uint64_t line() const { return line_; }
  uint64_t offset() const { return block_offset_ + position_; }
  // The file's error, if it had one.
  const absl::Status& status() const { return status_; }

 private:
  bool Fill();

  base::File& file_;
  std::string block_;
  size_t position_ = 0;        // in block_
  uint64_t block_offset_ = 0;  // of block_, in the file
  uint64_t line_ = 1;
  absl::Status status_;
};

}  // namespace landwaiter::text

#endif  // LANDWAITER_CORE_TEXT_BYTE_READER_H_
