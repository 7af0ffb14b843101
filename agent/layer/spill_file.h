#ifndef LANDWAITER_AGENT_LAYER_SPILL_FILE_H_
#define LANDWAITER_AGENT_LAYER_SPILL_FILE_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace landwaiter::agent::layer {

// An open file without a name: it is gone when the last process that has it
// open is, however that ends. Closed on destruction.
class SpillFile {
 public:
  // In `directory`, which should be on a size-limited volume; with an empty
  // one, in memory. Internal if it cannot be made.
  static absl::StatusOr<SpillFile> Open(const std::string& directory);

  // Takes over `fd`; -1 for none.
  explicit SpillFile(int fd = -1) : fd_(fd) {}
  SpillFile(SpillFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  SpillFile& operator=(SpillFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~SpillFile();

  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_SPILL_FILE_H_
