#ifndef LANDWAITER_CORE_BASE_SUBPROCESS_H_
#define LANDWAITER_CORE_BASE_SUBPROCESS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace landwaiter::base {

// A helper program that is asked one question: a credential plug-in. What runs
// for long, or handles hostile bytes, is started otherwise.
struct ProgramCall {
  std::vector<std::string> arguments;    // the first is looked up on the PATH
  std::vector<std::string> environment;  // "NAME=value", added to our own
  // What it reads; at most 4,096 bytes. Secrets go here, never into arguments.
  std::string input;
  size_t max_output = 1 << 20;  // bytes
  absl::Duration deadline = absl::Minutes(1);
};

struct ProgramResult {
  int exit_code = 0;   // -1 if a signal ended it
  std::string output;  // of its standard output
};

// Runs the program without a terminal and waits for it; its standard error is
// ours. It is killed at the deadline (DEADLINE_EXCEEDED) and when it prints too
// much (INVALID_ARGUMENT). NOT_FOUND if there is no such program. Messages
// name the program, never what it read or wrote. Blocks; thread-safe.
absl::StatusOr<ProgramResult> RunProgram(const ProgramCall& call);

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_SUBPROCESS_H_
