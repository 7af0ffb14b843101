#include "core/base/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/strings.h"

extern char** environ;

namespace landwaiter::base {
namespace {

constexpr size_t kMaxInput = 4096;  // PIPE_BUF: a pipe takes it at once

class Pipe {
 public:
  static absl::StatusOr<Pipe> Open() {
    Pipe pipe;
    if (pipe2(pipe.ends_, O_CLOEXEC) != 0) {
      return absl::ErrnoToStatus(errno, "pipe");
    }
    return pipe;
  }
  Pipe(Pipe&& other) noexcept {
    std::swap(ends_[0], other.ends_[0]);
    std::swap(ends_[1], other.ends_[1]);
  }
  Pipe& operator=(Pipe&&) = delete;
  ~Pipe() {
    Close(0);
    Close(1);
  }

  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void CloseWriting() { Close(1); }

 private:
  Pipe() = default;
  void Close(int end) {
    if (ends_[end] >= 0) close(std::exchange(ends_[end], -1));
  }
  int ends_[2] = {-1, -1};
};

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

absl::StatusOr<pid_t> Spawn(const ProgramCall& call, int input, int output) {
  std::vector<std::string> arguments = call.arguments;
  std::vector<std::string> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.emplace_back(*variable);
  }
  environment.insert(environment.end(), call.environment.begin(),
                     call.environment.end());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, arguments[0].c_str(), &actions, nullptr,
                   Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::ErrnoToStatus(error,
                               ToAbsl(StrCat("cannot start ", arguments[0])));
  }
  return pid;
}

// All that comes out of `input` until its end.
absl::StatusOr<std::string> ReadOutput(int input, const ProgramCall& call) {
  const std::string& name = call.arguments[0];
  const absl::Time end = absl::Now() + call.deadline;
  std::string output;
  char buffer[4096];
  while (true) {
    const absl::Duration left = end - absl::Now();
    pollfd ready{.fd = input, .events = POLLIN, .revents = 0};
    if (left <= absl::ZeroDuration() ||
        poll(&ready, 1,
             static_cast<int>(absl::ToInt64Milliseconds(left)) + 1) == 0) {
      return absl::DeadlineExceededError(
          StrCat(name, " took longer than ",
                 absl::ToInt64Seconds(call.deadline), " s"));
    }
    const ssize_t count = read(input, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::ErrnoToStatus(errno, ToAbsl(name));
    if (count == 0) return output;
    output.append(buffer, static_cast<size_t>(count));
    if (output.size() > call.max_output) {
      return absl::InvalidArgumentError(
          StrCat(name, " printed more than ", call.max_output, " bytes"));
    }
  }
}

int ExitCodeOf(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

absl::StatusOr<ProgramResult> RunProgram(const ProgramCall& call) {
  if (call.input.size() > kMaxInput) {
    return absl::InvalidArgumentError(
        StrCat("the input for ", call.arguments[0], " is too long"));
  }
  absl::StatusOr<Pipe> input = Pipe::Open();
  if (!input.ok()) return input.status();
  absl::StatusOr<Pipe> output = Pipe::Open();
  if (!output.ok()) return output.status();
  // Both ends are ours still, so that nobody is left to refuse it.
  if (!call.input.empty() &&
      write(input->writing(), call.input.data(), call.input.size()) < 0) {
    return absl::ErrnoToStatus(errno, "pipe");
  }
  const absl::StatusOr<pid_t> pid =
      Spawn(call, input->reading(), output->writing());
  if (!pid.ok()) return pid.status();
  input->CloseWriting();
  output->CloseWriting();
  absl::StatusOr<std::string> text = ReadOutput(output->reading(), call);
  if (!text.ok()) kill(*pid, SIGKILL);
  const int exit_code = ExitCodeOf(*pid);
  if (!text.ok()) return text.status();
  return ProgramResult{exit_code, *std::move(text)};
}

}  // namespace landwaiter::base
