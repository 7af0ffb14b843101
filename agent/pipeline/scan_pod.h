#ifndef LANDWAITER_AGENT_PIPELINE_SCAN_POD_H_
#define LANDWAITER_AGENT_PIPELINE_SCAN_POD_H_

#include <cstdint>

#include "absl/status/status.h"
#include "agent/pipeline/stages.h"

namespace landwaiter::agent::pipeline {

struct ScanPodOptions {
  // With nothing to do for this long, the pod ends.
  absl::Duration idle_limit = absl::Seconds(30);
  // How often to ask meanwhile.
  absl::Duration ask_every = absl::Seconds(2);
};

// Items that the pod reported.
struct ScanPodCounts {
  uint64_t done = 0;
  uint64_t failed = 0;
};

// What became of a work item that ended with `status`.
model::Outcome OutcomeOf(const absl::Status& status);

// Leases items one at a time, handles each, and reports what became of it,
// until there is nothing to do, the pod's work has ended, or the clock is
// interrupted: then OK. An error means that the analyzer cannot be reached;
// what was leased goes to another pod when its lease expires.
absl::Status RunScanPod(const Stages& stages, const ScanPodOptions& options,
                        ScanPodCounts& counts);

}  // namespace landwaiter::agent::pipeline

#endif  // LANDWAITER_AGENT_PIPELINE_SCAN_POD_H_
