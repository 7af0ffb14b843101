#include "agent/pipeline/executor.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace landwaiter::agent::pipeline {

void InlineExecutor::ForEach(size_t count,
                             absl::FunctionRef<void(size_t)> run) {
  for (size_t i = 0; i < count; ++i) run(i);
}

void ThreadExecutor::ForEach(size_t count,
                             absl::FunctionRef<void(size_t)> run) {
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < count; i = next++) run(i);
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < std::min(threads_, count); ++i) {
    others.emplace_back(work);
  }
  work();
  for (std::thread& other : others) other.join();
}

}  // namespace landwaiter::agent::pipeline
