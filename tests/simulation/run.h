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

// What a run came to.
struct RunResult {
  std::vector<std::string> violations;             // broken promises, in words
  std::map<std::string, model::TaskStatus> tasks;  // by uid
  // "repository@digest" -> its findings, sorted.
  std::map<std::string, std::set<std::string>> findings;
  std::set<std::string> reached;  // failpoints
  absl::Duration took;            // simulated
  int pods = 0;                   // that were started
};

// Two tasks over the whole world (one periodic, one interactive that comes
// later), from their creation to their end, with faults as the budget allows
// and in the order that the seed decides. `calm` runs without faults.
RunResult RunSimulation(uint64_t seed, bool calm);

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_RUN_H_
