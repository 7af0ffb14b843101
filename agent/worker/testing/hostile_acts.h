#ifndef LANDWAITER_AGENT_WORKER_TESTING_HOSTILE_ACTS_H_
#define LANDWAITER_AGENT_WORKER_TESTING_HOSTILE_ACTS_H_

#include <string_view>
#include <vector>

namespace landwaiter::agent::worker::testing {

// Something that code which took over a worker would do first.
struct HostileAct {
  std::string_view name;
  // Does it; below 0, with errno, if the kernel said no.
  long (*act)();
};

// What has to end the process by SIGSYS.
const std::vector<HostileAct>& ForbiddenActs();
// What has to fail with EACCES: ways to open a file, or to learn of one.
const std::vector<HostileAct>& DeniedActs();

}  // namespace landwaiter::agent::worker::testing

#endif  // LANDWAITER_AGENT_WORKER_TESTING_HOSTILE_ACTS_H_
