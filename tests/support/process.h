#ifndef LANDWAITER_TESTS_SUPPORT_PROCESS_H_
#define LANDWAITER_TESTS_SUPPORT_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace landwaiter::test {

// A program that a test started, and that ends with the test whatever happens:
// it is killed by its pid when this goes, and by the kernel when the thread
// that started it does.
class Process {
 public:
  // `arguments[0]` is the program's path; its output is appended to `log`.
  static absl::StatusOr<Process> Start(std::vector<std::string> arguments,
                                       const std::string& log);
  Process() = default;
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  // kill -9, and waits. Nothing if it is not running.
  void Kill();
  // 0 if it is not running.
  pid_t pid() const { return pid_; }
  // Whether it is still there.
  bool Running();

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  pid_t pid_ = 0;
};

// The path of a program ("etcd"): on the PATH, or of the local cluster's,
// where ./dev setup builds them. Empty if it is nowhere.
std::string FindTool(const std::string& name);

// A TCP port on 127.0.0.1 that nobody listens on now.
uint16_t FreePort();

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_PROCESS_H_
