#ifndef LANDWAITER_AGENT_WORKER_WORKER_LAYER_SCANNER_H_
#define LANDWAITER_AGENT_WORKER_WORKER_LAYER_SCANNER_H_

#include <string>
#include <utility>
#include <vector>

#include "agent/layer/layer_scanner.h"
#include "agent/layer/limits.h"

namespace landwaiter::agent::worker {

struct WorkerOptions {
  // A program that calls RunWorker.
  std::vector<std::string> command = {"/proc/self/exe", "worker"};
  // Where files that do not fit into the worker's memory go, unlinked. Empty:
  // memory (a memfd).
  std::string spill_directory;
  layer::Limits limits;
};

// Reads each layer in a process of its own that holds no credential, sees no
// network and no file system, and is bounded in memory and time (decision 11
// of docs/architecture.md). Its report is believed only after checks.
//
// Beside LayerScanner's errors: a worker that ends by a signal, or whose reply
// makes no sense, is ParserCrashed; one that runs out of time,
// DeadlineExceeded.
//
// Thread-safe. REQUIRES: the process ignores SIGPIPE.
class WorkerLayerScanner : public layer::LayerScanner {
 public:
  explicit WorkerLayerScanner(WorkerOptions options)
      : options_(std::move(options)) {}

  absl::StatusOr<model::LayerReport> Scan(const model::LayerRef& layer,
                                          layer::FetchLayer fetch) override;

 private:
  const WorkerOptions options_;
};

}  // namespace landwaiter::agent::worker

#endif  // LANDWAITER_AGENT_WORKER_WORKER_LAYER_SCANNER_H_
