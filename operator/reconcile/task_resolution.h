#ifndef LANDWAITER_OPERATOR_RECONCILE_TASK_RESOLUTION_H_
#define LANDWAITER_OPERATOR_RECONCILE_TASK_RESOLUTION_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/model/task.h"
#include "operator/api/image_registry.h"
#include "operator/api/scan_task.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// What a ScanTask means, with its references resolved: pure decisions on what
// the cache has.
struct ResolvedTask {
  model::TaskSpec spec;
  std::vector<api::ImageRegistry> registries;
  // Things that a person should know though they stop nothing: what the task
  // leaves out, and why.
  std::vector<std::string> notes;
  bool listed_only = false;  // a registry was left out that is never scanned

  // Why it cannot be resolved; empty: it can. Not `final`: it heals when what
  // is missing appears.
  std::string_view problem;  // a reason
  std::string message;
  bool final = false;
};

ResolvedTask ResolveTask(const Cache& cache, const api::ScanTask& task);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_TASK_RESOLUTION_H_
