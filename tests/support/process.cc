#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/strings.h"

namespace landwaiter::test {
namespace {

namespace fs = std::filesystem;

// Only what is safe between fork and exec.
[[noreturn]] void Exec(char** arguments, int log, pid_t parent) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(arguments[0], arguments);
  _exit(127);
}

bool IsProgram(const fs::path& path) {
  return access(path.c_str(), X_OK) == 0 && fs::is_regular_file(path);
}

std::string CacheDirectory() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME")) return cache;
  const char* home = std::getenv("HOME");
  return absl::StrCat(home == nullptr ? "" : home, "/.cache");
}

}  // namespace

absl::StatusOr<Process> Process::Start(std::vector<std::string> arguments,
                                       const std::string& log) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const int output =
      open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (output < 0) return absl::ErrnoToStatus(errno, log);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) Exec(pointers.data(), output, parent);
  const int error = errno;
  close(output);
  if (pid < 0) return absl::ErrnoToStatus(error, "fork");
  return Process(pid);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)) {}

Process& Process::operator=(Process&& other) noexcept {
  Kill();
  pid_ = std::exchange(other.pid_, 0);
  return *this;
}

Process::~Process() { Kill(); }

void Process::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

bool Process::Running() {
  if (pid_ == 0) return false;
  if (waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  pid_ = 0;
  return false;
}

std::string FindTool(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (std::string_view directory :
       base::Split(path == nullptr ? "" : path, ':')) {
    const fs::path candidate = fs::path(directory) / name;
    if (!directory.empty() && IsProgram(candidate)) return candidate;
  }
  const fs::path tools = fs::path(CacheDirectory()) / "landwaiter/tools";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(tools, error)) {
    const fs::path candidate = entry.path() / "bin" / name;
    if (IsProgram(candidate)) return candidate;
  }
  return "";
}

uint16_t FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  uint16_t port = 0;
  if (bind(listener, any, size) == 0 &&
      getsockname(listener, any, &size) == 0) {
    port = ntohs(address.sin_port);
  }
  close(listener);
  return port;
}

}  // namespace landwaiter::test
