#ifndef LANDWAITER_CORE_BASE_FILE_H_
#define LANDWAITER_CORE_BASE_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landwaiter::base {

// A file's content, read at any place, wherever it is kept. Not thread-safe.
class File {
 public:
  virtual ~File() = default;

  // Bytes in all.
  virtual uint64_t size() const = 0;

  // Copies up to `size` bytes from `offset` to `buffer`; fewer only at the end
  // of the file (0 at or past it).
  virtual absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer,
                                        size_t size) = 0;

  // The whole content, if it is at most `limit` bytes; else LimitExceeded.
  absl::StatusOr<std::string> ReadAll(uint64_t limit);
};

// Reads exactly `size` bytes at `offset`; false if the file ends before.
absl::StatusOr<bool> ReadExactly(File& file, uint64_t offset, uint64_t size,
                                 std::string* bytes);

// A file in memory; `bytes` must outlive it.
class MemoryFile : public File {
 public:
  explicit MemoryFile(std::string_view bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer,
                                size_t size) override;

 private:
  std::string_view bytes_;
};

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_FILE_H_
