#include "agent/layer/file_buffer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

absl::Status SpillError(std::string_view what) {
  return base::Failure(base::FailureCode::kInternal,
                       base::StrCat("cannot ", what, " the spill file: ",
                                    std::string_view(strerror(errno))));
}

}  // namespace

uint64_t FileBuffer::Limit() const {
  return spill_fd_ >= 0
             ? limits_.file_bytes
             : std::min(limits_.file_bytes, limits_.file_memory_bytes);
}

absl::Status FileBuffer::Start(uint64_t size) {
  if (!Takes(size)) {
    return LimitExceeded("fileSize", "the size of a file to look into",
                         Limit());
  }
  size_ = 0;
  spilled_ = size > limits_.file_memory_bytes;
  memory_.clear();
  if (!spilled_) memory_.reserve(size);
  return absl::OkStatus();
}

absl::Status FileBuffer::Append(std::string_view bytes) {
  if (spilled_) return Spill(bytes);
  memory_.append(bytes);
  size_ += bytes.size();
  return absl::OkStatus();
}

absl::Status FileBuffer::Spill(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(spill_fd_, bytes.data(), bytes.size(),
                                   static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return SpillError("write");
    size_ += static_cast<uint64_t>(written);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<size_t> FileBuffer::ReadAt(uint64_t offset, char* buffer,
                                          size_t size) {
  if (offset >= size_) return 0;
  size = std::min<uint64_t>(size, size_ - offset);
  if (!spilled_) {
    memory_.copy(buffer, size, offset);
    return size;
  }
  size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(spill_fd_, buffer + done, size - done,
                              static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return SpillError("read");
    done += static_cast<size_t>(got);
  }
  return done;
}

}  // namespace landwaiter::agent::layer
