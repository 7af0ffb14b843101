#ifndef LANDWAITER_AGENT_PIPELINE_STAGES_H_
#define LANDWAITER_AGENT_PIPELINE_STAGES_H_

#include "agent/layer/layer_scanner.h"
#include "agent/pipeline/executor.h"
#include "agent/pipeline/lease_keeper.h"
#include "agent/registry/registry.h"
#include "agent/submit/work_client.h"
#include "core/base/clock.h"
#include "core/base/failpoint.h"

namespace landwaiter::agent::pipeline {

// What an item passes through, in order: discover and fetch (registry),
// inflate and extract (scanner), submit (analyzer). All outlive the pipeline.
struct Stages {
  registry::Registry& registry;
  layer::LayerScanner& scanner;
  submit::WorkClient& analyzer;
  LeaseKeeper& leases;
  Executor& executor;
  base::Clock& clock;
  base::Failpoints& failpoints;
};

// Each handles one leased item of its kind, whole. The error, with its
// FailureCode, is the item's outcome; ABORTED: the lease is lost, UNAVAILABLE
// from the analyzer: it cannot be reached, and nothing can be reported.

// Sends the names of the registry's repositories, page by page.
absl::Status ListRepositories(const Stages& stages,
                              const model::WorkItem& item);
// Sends a repository's tags, and the manifests that the analyzer does not
// know yet.
absl::Status ListTags(const Stages& stages, const model::WorkItem& item);
// Sends the reports of those layers of an image that the analyzer lacks.
absl::Status ScanImage(const Stages& stages, const model::WorkItem& item);

}  // namespace landwaiter::agent::pipeline

#endif  // LANDWAITER_AGENT_PIPELINE_STAGES_H_
