#ifndef LANDWAITER_AGENT_LAYER_IN_PROCESS_LAYER_SCANNER_H_
#define LANDWAITER_AGENT_LAYER_IN_PROCESS_LAYER_SCANNER_H_

#include <functional>
#include <string>
#include <utility>

#include "agent/layer/layer_reader.h"
#include "agent/layer/layer_scanner.h"
#include "agent/layer/limits.h"

namespace landwaiter::agent::layer {

// Reads layers in this very process: for tests and the simulation. Production
// code keeps hostile bytes away from credentials (worker_layer_scanner.h).
class InProcessLayerScanner : public LayerScanner {
 public:
  // `make_extractors` is called once for each scan, from any thread.
  explicit InProcessLayerScanner(std::function<Extractors()> make_extractors,
                                 const Limits& limits = {})
      : make_extractors_(std::move(make_extractors)), limits_(limits) {}

  absl::StatusOr<model::LayerReport> Scan(const model::LayerRef& layer,
                                          FetchLayer fetch) override;

 private:
  const std::function<Extractors()> make_extractors_;
  const Limits limits_;
};

// DiffIdMismatch if `report` is not of the content that `layer` names.
absl::Status CheckDiffId(const model::LayerRef& layer,
                         const model::LayerReport& report);

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_IN_PROCESS_LAYER_SCANNER_H_
