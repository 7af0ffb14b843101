#ifndef LANDWAITER_AGENT_JOB_DISCOVER_H_
#define LANDWAITER_AGENT_JOB_DISCOVER_H_

#include <string>

#include "absl/status/statusor.h"
#include "agent/job/run.h"
#include "agent/registry/cloud/account.h"
#include "core/base/clock.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::job {

// `landwaiter-agent discover`: lists the registries of a cloud account and
// writes them as docs/scan-job.md has it. Returns the exit status. `api_url`
// stands in the place of the clouds' own addresses, for tests.
int RunDiscover(const RunOptions& options, base::Clock& clock,
                const std::string& api_url = "");

// The result for what was found. One that does not fit into a termination
// message is LimitExceeded: cut, it would name registries as gone.
nlohmann::json DiscoverResult(
    const absl::StatusOr<std::vector<registry::cloud::Instance>>& instances);

}  // namespace landwaiter::agent::job

#endif  // LANDWAITER_AGENT_JOB_DISCOVER_H_
