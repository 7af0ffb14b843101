#ifndef LANDWAITER_TESTS_SIMULATION_RUN_H_
#define LANDWAITER_TESTS_SIMULATION_RUN_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/model/task.h"
#include "tests/simulation/faults.h"

namespace landwaiter::simulation {

// What a ScanTask's status says in the end.
struct TaskResult {
  std::string phase;
  model::ImageCounts images;
  uint64_t quota_consumed = 0;
};

// What a run came to.
struct RunResult {
  std::vector<std::string> violations;      // broken promises, in words
  std::map<std::string, TaskResult> tasks;  // by name
  // "repository@digest" -> its findings, sorted.
  std::map<std::string, std::set<std::string>> findings;
  std::set<std::string> reached;  // failpoints
  absl::Duration took;            // simulated
  int pods = 0;                   // that were started
};

// The three programs, an API server and a registry, from `kubectl apply` of two
// ScanTasks over everything (the second 20 s after the first) to their end,
// with faults as the budget allows and in the order that the seed decides.
// `calm` runs without faults.
RunResult RunSimulation(uint64_t seed, bool calm);

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_RUN_H_
