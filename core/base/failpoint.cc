#include "core/base/failpoint.h"

namespace landwaiter::base {

absl::Span<const std::string_view> AllFailpoints() {
  static constexpr std::string_view kAll[] = {
      kAgentLeased,           kAgentManifestFetched,  kAgentPlanned,
      kAgentLayerScanned,     kAgentLayerSubmitted,   kAgentBeforeComplete,
      kAgentCompleted,        kAgentPageListed,       kAgentHeartbeat,
      kAnalyzerBeforeCommit,  kAnalyzerCommitted,     kAnalyzerLayerStaged,
      kAnalyzerMerged,        kAnalyzerMatched,       kOperatorTaskApplied,
      kOperatorJobCreated,    kOperatorSecretCreated, kOperatorJobStarted,
      kOperatorStatusWritten,
  };
  return kAll;
}

}  // namespace landwaiter::base
