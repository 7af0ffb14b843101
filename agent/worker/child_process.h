#ifndef LANDWAITER_AGENT_WORKER_CHILD_PROCESS_H_
#define LANDWAITER_AGENT_WORKER_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace landwaiter::agent::worker {

// Closes a descriptor when it goes.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { Close(); }
  void Close();
  int get() const { return fd_; }

 private:
  int fd_;
};

// A program that reads from and writes to this one through pipes, with an
// empty environment and no other descriptors than these and those that it is
// given. Killed and reaped on destruction. Not thread-safe.
class ChildProcess {
 public:
  // Executes `command` (never a plain fork: this process has threads).
  // `extra_fds` become its descriptors from 3 on. Internal if that fails.
  static absl::StatusOr<ChildProcess> Start(
      const std::vector<std::string>& command,
      const std::vector<int>& extra_fds);

  ChildProcess(ChildProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)),
        input_(std::move(other.input_)),
        output_(std::move(other.output_)) {}
  ~ChildProcess() { Kill(); }

  // Writes all of `bytes` to its standard input. CANCELLED if it reads no
  // more; DEADLINE_EXCEEDED if it does not by `deadline`, or takes nothing for
  // `idle`.
  absl::Status Write(std::string_view bytes, absl::Time deadline,
                     absl::Duration idle);
  void CloseInput() { input_.Close(); }
  // What it writes to its standard output, up to its end. RESOURCE_EXHAUSTED
  // above `limit` bytes; DEADLINE_EXCEEDED as above.
  absl::StatusOr<std::string> ReadAll(size_t limit, absl::Time deadline,
                                      absl::Duration idle);
  // Waits for its end, which should be near, and returns the status as
  // waitpid has it. After a second it is killed.
  int Wait();
  void Kill();

 private:
  ChildProcess(pid_t pid, Descriptor input, Descriptor output)
      : pid_(pid), input_(std::move(input)), output_(std::move(output)) {}

  pid_t pid_;          // -1: reaped
  Descriptor input_;   // its standard input, our end
  Descriptor output_;  // its standard output, our end
};

}  // namespace landwaiter::agent::worker

#endif  // LANDWAITER_AGENT_WORKER_CHILD_PROCESS_H_
