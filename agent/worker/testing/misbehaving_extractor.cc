#include "agent/worker/testing/misbehaving_extractor.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "agent/worker/protocol.h"

namespace landwaiter::agent::worker::testing {
namespace {

void Reply(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written <= 0) _exit(1);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

// A well-formed report of something else than what was given.
std::string Lie() {
  model::LayerReport report;
  report.blob_digest = model::Digest::Of("another layer");
  report.diff_id = model::Digest::Of("another layer");
  return EncodeReply(report);
}

void Allocate() {
  std::vector<std::string> all;
  while (true) all.emplace_back(1 << 20, 'x');
}

std::string TryFiles() {
  std::string result;
  for (const char* path : {"/etc/passwd", "/proc/self/environ", "/dev/null"}) {
    const int fd = open(path, O_RDONLY);
    result += fd >= 0 ? "opened" : strerror(errno);
    result += ";";
  }
  return result;
}

}  // namespace

absl::StatusOr<model::FileExtract> MisbehavingExtractor::Extract(
    std::string_view path, extract::File&) const {
  model::FileExtract result;
  const std::string_view what = path.substr(path.find('/') + 1);
  if (what == "crash") std::abort();
  if (what == "hang") {
    volatile bool forever = true;
    while (forever) {
    }
  }
  if (what == "socket") socket(AF_INET, SOCK_STREAM, 0);
  if (what == "unlink") unlink("/nonexistent");
  if (what == "fork") fork();
  if (what == "executable") {
    mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  if (what == "execute") {
    char* const none[] = {nullptr};
    execve("/bin/true", none, none);
  }
  if (what == "open") result.problem = TryFiles();
  if (what == "memory") Allocate();
  if (what == "exit") _exit(7);
  if (what == "silence") _exit(0);
  if (what == "garbage") {
    Reply("Rgarbage");
    _exit(0);
  }
  if (what == "lie") {
    Reply(Lie());
    _exit(0);
  }
  if (what == "flood") {
    while (true) Reply(std::string(1 << 20, 'R'));
  }
  return result;
}

}  // namespace landwaiter::agent::worker::testing
