#include "tests/bench/meter.h"

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <thread>

#include "agent/layer/inflater.h"
#include "core/base/hash.h"

namespace landwaiter::bench {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double CpuSeconds(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

uint64_t PssOf(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/smaps_rollup");
  std::string word;
  while (file >> word) {
    uint64_t kilobytes = 0;
    if (word == "Pss:" && file >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

// Of the process and the processes it started.
uint64_t PssOfTree(pid_t root) {
  const std::string pid = std::to_string(root);
  uint64_t sum = PssOf(pid);
  const std::string tasks = "/proc/" + pid + "/task";
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(tasks.c_str()),
                                                      closedir);
  if (directory == nullptr) return sum;
  while (const dirent* task = readdir(directory.get())) {
    std::ifstream children(tasks + "/" + task->d_name + "/children");
    std::string child;
    while (children >> child) sum += PssOf(child);
  }
  return sum;
}

pid_t Start(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, arguments[0], &actions, nullptr,
                                arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    std::fprintf(stderr, "bench: cannot start %s\n", arguments[0]);
    std::exit(1);
  }
  return pid;
}

// Returns the inflated size.
uint64_t InflateAndHash(const std::string& path) {
  const auto inflater =
      agent::layer::NewSniffingInflater(agent::layer::Limits());
  base::Sha256 compressed;
  base::Sha256 inflated;
  uint64_t size = 0;
  const auto sink = [&](std::string_view bytes) {
    inflated.Update(bytes);
    size += bytes.size();
    return absl::OkStatus();
  };
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::vector<char> buffer(256 << 10);
  ssize_t got = 0;
  while ((got = read(fd, buffer.data(), buffer.size())) > 0) {
    const std::string_view bytes(buffer.data(), static_cast<size_t>(got));
    compressed.Update(bytes);
    if (!inflater->Push(bytes, sink).ok()) std::exit(1);
  }
  close(fd);
  // The digests are not looked at, but they are made.
  if (compressed.FinishHex() == inflated.FinishHex()) std::exit(1);
  return size;
}

}  // namespace

Measurement MeasureProgram(const std::vector<std::string>& command) {
  constexpr auto kInterval = std::chrono::milliseconds(5);
  const Clock::time_point start = Clock::now();
  const pid_t pid = Start(command);
  Measurement result;
  int status = 0;
  rusage usage = {};
  while (wait4(pid, &status, WNOHANG, &usage) == 0) {
    result.peak_memory = std::max(result.peak_memory, PssOfTree(pid));
    std::this_thread::sleep_for(kInterval);
  }
  result.wall_seconds = SecondsSince(start);
  result.cpu_seconds = CpuSeconds(usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "bench: %s failed\n", command[0].c_str());
    std::exit(1);
  }
  return result;
}

LimitMeasurement MeasureLimit(const BenchImage& image, int threads) {
  // Layers differ in size: the largest first, each thread takes the next.
  std::vector<std::string> layers = image.layers;
  std::sort(layers.begin(), layers.end(),
            [](const std::string& a, const std::string& b) {
              const auto size = [](const std::string& path) {
                return std::ifstream(path, std::ios::ate).tellg();
              };
              return size(a) > size(b);
            });
  std::atomic<size_t> next = 0;
  std::atomic<uint64_t> inflated = 0;
  rusage before = {};
  getrusage(RUSAGE_SELF, &before);
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&] {
      for (size_t at = next++; at < layers.size(); at = next++) {
        inflated += InflateAndHash(layers[at]);
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  LimitMeasurement result;
  result.total.wall_seconds = SecondsSince(start);
  rusage after = {};
  getrusage(RUSAGE_SELF, &after);
  result.total.cpu_seconds = CpuSeconds(after) - CpuSeconds(before);
  result.inflated_bytes = inflated;
  return result;
}

}  // namespace landwaiter::bench
