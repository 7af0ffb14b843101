#include "tests/bench/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/base/strings.h"

namespace landwaiter::bench {

Child::Child(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  const int error = posix_spawn(&pid_, arguments[0], &actions, nullptr,
                                arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    std::fprintf(stderr, "bench: cannot start %s\n", arguments[0]);
    std::exit(1);
  }
}

Child::~Child() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

bool Child::Runs() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

void Child::Look() {
  std::ifstream status(base::StrCat("/proc/", pid_, "/status"));
  std::string word;
  while (status >> word) {
    double kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) {
      peak_mebibytes_ = kibibytes / 1024;
    }
  }
  std::ifstream stat(base::StrCat("/proc/", pid_, "/stat"));
  std::string line;
  if (!std::getline(stat, line)) return;
  // Behind the name, which may hold anything; user and system time are the
  // 14th and 15th of all.
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  std::string field;
  for (int i = 3; i < 14; ++i) rest >> field;
  double user = 0, system = 0;
  rest >> user >> system;
  cpu_seconds_ = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace landwaiter::bench
