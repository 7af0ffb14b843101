#ifndef LANDWAITER_AGENT_JOB_RUN_H_
#define LANDWAITER_AGENT_JOB_RUN_H_

#include <functional>
#include <memory>
#include <string>

#include "agent/layer/layer_scanner.h"
#include "core/base/clock.h"

namespace landwaiter::agent::job {

// The two commands of a scan pod, as docs/scan-job.md has them. Each returns
// the exit status and writes the result to `termination_log`. Interrupting
// `clock` ends them soon.

struct RunOptions {
  std::string job_directory = "/etc/landwaiter/job";
  std::string termination_log = "/dev/termination-log";
  // How many layers are pulled and read at the same time.
  size_t parallelism = 2;
};

// Makes the scanner that may spill into the directory.
using MakeScanner = std::function<std::unique_ptr<layer::LayerScanner>(
    const std::string& spill_directory)>;

int RunVerify(const RunOptions& options, base::RealClock& clock);
int RunScan(const RunOptions& options, base::RealClock& clock,
            const MakeScanner& make_scanner);

}  // namespace landwaiter::agent::job

#endif  // LANDWAITER_AGENT_JOB_RUN_H_
