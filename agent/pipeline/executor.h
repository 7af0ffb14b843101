#ifndef LANDWAITER_AGENT_PIPELINE_EXECUTOR_H_
#define LANDWAITER_AGENT_PIPELINE_EXECUTOR_H_

#include <cstddef>

#include "absl/functional/function_ref.h"

namespace landwaiter::agent::pipeline {

// Runs independent pieces of work; injected, since the pipeline owns no
// thread.
class Executor {
 public:
  virtual ~Executor() = default;
  // Calls run(0) ... run(count - 1), each once, perhaps at the same time, and
  // returns when all have returned.
  virtual void ForEach(size_t count, absl::FunctionRef<void(size_t)> run) = 0;
};

// One after the other, on the caller's thread.
class InlineExecutor : public Executor {
 public:
  void ForEach(size_t count, absl::FunctionRef<void(size_t)> run) override;
};

// On `threads` threads at most, the caller's among them.
class ThreadExecutor : public Executor {
 public:
  explicit ThreadExecutor(size_t threads) : threads_(threads) {}
  void ForEach(size_t count, absl::FunctionRef<void(size_t)> run) override;

 private:
  const size_t threads_;
};

}  // namespace landwaiter::agent::pipeline

#endif  // LANDWAITER_AGENT_PIPELINE_EXECUTOR_H_
