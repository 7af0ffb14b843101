#ifndef LANDWAITER_AGENT_LAYER_FILE_BUFFER_H_
#define LANDWAITER_AGENT_LAYER_FILE_BUFFER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/layer/limits.h"

namespace landwaiter::agent::layer {

// Collects one wanted file after another: in memory up to
// Limits::file_memory_bytes, and as a whole in the spill file beyond that.
class FileBuffer : public extract::File {
 public:
  // `spill_fd` must outlive this; with -1 nothing spills, and a file that is
  // too large for memory is LimitExceeded.
  FileBuffer(const Limits& limits, int spill_fd)
      : limits_(limits), spill_fd_(spill_fd) {}

  // Whether a file of `size` bytes is not too large.
  bool Takes(uint64_t size) const { return size <= Limit(); }

  // Forgets the last file and prepares for one of `size` bytes. LimitExceeded
  // (fileSize) if that is too large.
  absl::Status Start(uint64_t size);
  // Internal if the spill file cannot be written.
  absl::Status Append(std::string_view bytes);

  uint64_t size() const override { return size_; }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer,
                                size_t size) override;

 private:
  uint64_t Limit() const;
  absl::Status Spill(std::string_view bytes);

  const Limits limits_;
  const int spill_fd_;
  bool spilled_ = false;
  uint64_t size_ = 0;  // bytes appended so far
  std::string memory_;
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_FILE_BUFFER_H_
