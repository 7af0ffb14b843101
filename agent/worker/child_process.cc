#include "agent/worker/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/time/clock.h"
#include "agent/worker/sandbox.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::worker {
namespace {

// So that the writer seldom waits for the reader; the most that an
// unprivileged process may ask for by default.
constexpr int kPipeBytes = 1 << 20;

absl::Status SystemError(std::string_view what, int error) {
  return base::Failure(base::FailureCode::kInternal,
                       base::StrCat("cannot start a worker: ", what, ": ",
                                    std::string_view(strerror(error))));
}

struct Pipe {
  Descriptor reader;
  Descriptor writer;
};

// Above the numbers that the child's descriptors get, so that putting those
// into place overwrites none that is still needed.
constexpr int kFirstHigh = 10;

absl::StatusOr<Pipe> NewPipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemError("pipe2", errno);
  const Descriptor low_reader(ends[0]);
  const Descriptor low_writer(ends[1]);
  Pipe pipe = {Descriptor(fcntl(ends[0], F_DUPFD_CLOEXEC, kFirstHigh)),
               Descriptor(fcntl(ends[1], F_DUPFD_CLOEXEC, kFirstHigh))};
  if (pipe.reader.get() < 0 || pipe.writer.get() < 0) {
    return SystemError("fcntl", errno);
  }
  return pipe;
}

// What posix_spawn is to do in the child; freed on destruction.
class SpawnPlan {
 public:
  SpawnPlan(int input, int output, const std::vector<Descriptor>& extra) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    // What libraries print on hostile input is nobody's concern; what a
    // sanitizer prints is.
    if (kWholeSandbox) {
      posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null",
                                       O_WRONLY, 0);
    }
    int next = STDERR_FILENO + 1;
    for (const Descriptor& fd : extra) {
      posix_spawn_file_actions_adddup2(&actions_, fd.get(), next++);
    }
    posix_spawn_file_actions_addclosefrom_np(&actions_, next);
    posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigfillset(&all);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }

  // 0 or an errno.
  int Spawn(const std::vector<std::string>& command, pid_t* pid) const {
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    char* environment[] = {nullptr};
    return posix_spawn(pid, arguments[0], &actions_, &attributes_,
                       arguments.data(), environment);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Waits until `fd` is ready for `events`, at most until `deadline` and at most
// for `idle`.
absl::Status Await(int fd, short events, absl::Time deadline,
                   absl::Duration idle) {
  const absl::Duration left = std::min(deadline - absl::Now(), idle);
  if (left <= absl::ZeroDuration()) {
    return absl::DeadlineExceededError("the time for the layer is over");
  }
  pollfd waiting = {fd, events, 0};
  const int64_t milliseconds =
      std::clamp<int64_t>(absl::ToInt64Milliseconds(left) + 1, 1, 1 << 30);
  const int ready = poll(&waiting, 1, static_cast<int>(milliseconds));
  if (ready > 0 || (ready < 0 && errno == EINTR)) return absl::OkStatus();
  if (ready < 0) return SystemError("poll", errno);
  return absl::DeadlineExceededError("the worker makes no progress");
}

}  // namespace

void Descriptor::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

absl::StatusOr<ChildProcess> ChildProcess::Start(
    const std::vector<std::string>& command,
    const std::vector<int>& extra_fds) {
  LANDWAITER_ASSIGN_OR_RETURN(Pipe input, NewPipe());
  LANDWAITER_ASSIGN_OR_RETURN(Pipe output, NewPipe());
  fcntl(input.writer.get(), F_SETPIPE_SZ, kPipeBytes);
  fcntl(input.writer.get(), F_SETFL, O_NONBLOCK);
  fcntl(output.reader.get(), F_SETFL, O_NONBLOCK);
  std::vector<Descriptor> extra;
  for (const int fd : extra_fds) {
    extra.emplace_back(fcntl(fd, F_DUPFD_CLOEXEC, kFirstHigh));
    if (extra.back().get() < 0) return SystemError("fcntl", errno);
  }
  const SpawnPlan plan(input.reader.get(), output.writer.get(), extra);
  pid_t pid = -1;
  const int error = plan.Spawn(command, &pid);
  if (error != 0) return SystemError("posix_spawn", error);
  return ChildProcess(pid, std::move(input.writer), std::move(output.reader));
}

absl::Status ChildProcess::Write(std::string_view bytes, absl::Time deadline,
                                 absl::Duration idle) {
  while (!bytes.empty()) {
    const ssize_t written = write(input_.get(), bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
      continue;
    }
    if (errno == EPIPE) {
      return absl::CancelledError("the worker reads no more");
    }
    if (errno != EAGAIN && errno != EINTR) return SystemError("write", errno);
    LANDWAITER_RETURN_IF_ERROR(Await(input_.get(), POLLOUT, deadline, idle));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ChildProcess::ReadAll(size_t limit,
                                                  absl::Time deadline,
                                                  absl::Duration idle) {
  constexpr size_t kPiece = size_t{64} << 10;
  std::string result;
  while (true) {
    LANDWAITER_RETURN_IF_ERROR(Await(output_.get(), POLLIN, deadline, idle));
    const size_t size = result.size();
    if (size > limit) {
      return absl::ResourceExhaustedError("the worker's reply is too long");
    }
    result.resize(size + kPiece);
    const ssize_t got = read(output_.get(), result.data() + size, kPiece);
    result.resize(size + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return result;
    if (got < 0 && errno != EAGAIN && errno != EINTR) {
      return SystemError("read", errno);
    }
  }
}

int ChildProcess::Wait() {
  constexpr absl::Duration kPatience = absl::Seconds(1);
  const absl::Time end = absl::Now() + kPatience;
  int status = 0;
  while (pid_ > 0) {
    const pid_t reaped = waitpid(pid_, &status, WNOHANG);
    if (reaped == pid_) {
      pid_ = -1;
    } else if (absl::Now() >= end) {
      kill(pid_, SIGKILL);
      while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
      }
      pid_ = -1;
    } else {
      absl::SleepFor(absl::Microseconds(200));
    }
  }
  return status;
}

void ChildProcess::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace landwaiter::agent::worker
