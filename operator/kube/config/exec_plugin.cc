#include "operator/kube/config/exec_plugin.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "nlohmann/json.hpp"
#include "operator/kube/object.h"

extern char** environ;

namespace landwaiter::kube {
namespace {

constexpr size_t kMaxAnswer = 1 << 20;

std::vector<std::string> EnvironmentOf(const ExecPlugin& plugin) {
  std::vector<std::string> result;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    result.emplace_back(*variable);
  }
  for (const auto& [name, value] : plugin.environment) {
    result.push_back(absl::StrCat(name, "=", value));
  }
  const Json info = {{"apiVersion", plugin.api_version},
                     {"kind", "ExecCredential"},
                     {"spec", {{"interactive", false}}}};
  result.push_back(absl::StrCat("KUBERNETES_EXEC_INFO=", info.dump()));
  return result;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Starts the program with its output into `output`.
absl::StatusOr<pid_t> Spawn(const ExecPlugin& plugin, int output) {
  std::vector<std::string> arguments = {plugin.command};
  arguments.insert(arguments.end(), plugin.arguments.begin(),
                   plugin.arguments.end());
  std::vector<std::string> environment = EnvironmentOf(plugin);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                   O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, plugin.command.c_str(), &actions, nullptr,
                   Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return absl::ErrnoToStatus(error,
                               absl::StrCat("cannot start ", plugin.command));
  }
  return pid;
}

// All that comes out of `input` until its end.
absl::StatusOr<std::string> ReadAnswer(int input, absl::Time end) {
  std::string answer;
  char buffer[4096];
  while (true) {
    const absl::Duration left = end - absl::Now();
    pollfd ready{.fd = input, .events = POLLIN, .revents = 0};
    if (left <= absl::ZeroDuration() ||
        poll(&ready, 1,
             static_cast<int>(absl::ToInt64Milliseconds(left)) + 1) <= 0) {
      return absl::DeadlineExceededError("the exec plug-in took too long");
    }
    const ssize_t count = read(input, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::ErrnoToStatus(errno, "the exec plug-in");
    if (count == 0) return answer;
    answer.append(buffer, static_cast<size_t>(count));
    if (answer.size() > kMaxAnswer) {
      return absl::InvalidArgumentError("the exec plug-in printed too much");
    }
  }
}

}  // namespace

absl::StatusOr<std::string> RunExecPlugin(const ExecPlugin& plugin,
                                          absl::Duration deadline) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe");
  absl::StatusOr<pid_t> pid = Spawn(plugin, ends[1]);
  close(ends[1]);
  if (!pid.ok()) {
    close(ends[0]);
    return pid.status();
  }
  absl::StatusOr<std::string> answer =
      ReadAnswer(ends[0], absl::Now() + deadline);
  close(ends[0]);
  if (!answer.ok()) kill(*pid, SIGKILL);
  int result = 0;
  while (waitpid(*pid, &result, 0) < 0 && errno == EINTR) {
  }
  if (answer.ok() && (!WIFEXITED(result) || WEXITSTATUS(result) != 0)) {
    return absl::UnauthenticatedError(
        absl::StrCat(plugin.command, " failed with code ",
                     WIFEXITED(result) ? WEXITSTATUS(result) : -1));
  }
  return answer;
}

absl::StatusOr<ExecCredential> ParseExecCredential(std::string_view json) {
  const Json answer = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (StringAt(answer, {"kind"}) != "ExecCredential") {
    return absl::UnauthenticatedError(
        "the exec plug-in printed no ExecCredential");
  }
  ExecCredential credential{
      .token = StringAt(answer, {"status", "token"}),
      .client_certificate_pem =
          StringAt(answer, {"status", "clientCertificateData"}),
      .client_key_pem = StringAt(answer, {"status", "clientKeyData"})};
  if (credential.token.empty() && credential.client_certificate_pem.empty()) {
    return absl::UnauthenticatedError(
        "the exec plug-in gave neither a token nor a certificate");
  }
  const std::string expires =
      StringAt(answer, {"status", "expirationTimestamp"});
  if (!expires.empty()) {
    credential.expires = TimeFromText(expires).value_or(absl::InfiniteFuture());
  }
  return credential;
}

ExecToken::ExecToken(Ask ask, ExecCredential first, base::Clock* clock)
    : ask_(std::move(ask)), clock_(clock), credential_(std::move(first)) {}

absl::StatusOr<std::string> ExecToken::Token() {
  absl::MutexLock lock(&mutex_);
  if (clock_->Now() >= credential_.expires) {
    LANDWAITER_ASSIGN_OR_RETURN(credential_, ask_());
  }
  return credential_.token;
}

void ExecToken::Refused() {
  absl::MutexLock lock(&mutex_);
  credential_.expires = absl::InfinitePast();
}

}  // namespace landwaiter::kube
