#ifndef LANDWAITER_CORE_BASE_FAILPOINT_H_
#define LANDWAITER_CORE_BASE_FAILPOINT_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace landwaiter::base {

// A named place between two stages where a test may stop, delay or fail the
// program. Production injects NoFailpoints; the simulation injects one that
// draws faults from its seed, and lists the names that were never reached.
class Failpoints {
 public:
  virtual ~Failpoints() = default;
  // Called at the boundary `name` (a constant from this file). A status that
  // is not OK is returned by the caller as if its next step had failed so.
  virtual absl::Status Hit(std::string_view name) = 0;
};

class NoFailpoints : public Failpoints {
 public:
  absl::Status Hit(std::string_view) override { return absl::OkStatus(); }
};

// Agent: boundaries of one work item.
inline constexpr std::string_view kAgentLeased = "agent/leased";
inline constexpr std::string_view kAgentManifestFetched =
    "agent/manifest-fetched";
inline constexpr std::string_view kAgentPlanned = "agent/planned";
inline constexpr std::string_view kAgentLayerScanned = "agent/layer-scanned";
inline constexpr std::string_view kAgentLayerSubmitted =
    "agent/layer-submitted";
inline constexpr std::string_view kAgentBeforeComplete =
    "agent/before-complete";
inline constexpr std::string_view kAgentCompleted = "agent/completed";
inline constexpr std::string_view kAgentPageListed = "agent/page-listed";
inline constexpr std::string_view kAgentHeartbeat = "agent/heartbeat";
// Analyzer: around its transactions.
inline constexpr std::string_view kAnalyzerBeforeCommit =
    "analyzer/before-commit";
inline constexpr std::string_view kAnalyzerCommitted = "analyzer/committed";
inline constexpr std::string_view kAnalyzerLayerStaged =
    "analyzer/layer-staged";
inline constexpr std::string_view kAnalyzerMerged = "analyzer/merged";
inline constexpr std::string_view kAnalyzerMatched = "analyzer/matched";
// Operator: around what it does to the world.
inline constexpr std::string_view kOperatorTaskApplied =
    "operator/task-applied";
inline constexpr std::string_view kOperatorJobCreated = "operator/job-created";
inline constexpr std::string_view kOperatorSecretCreated =
    "operator/secret-created";
inline constexpr std::string_view kOperatorJobStarted = "operator/job-started";
inline constexpr std::string_view kOperatorStatusWritten =
    "operator/status-written";

// All of the above: the simulation fails if one was never reached.
absl::Span<const std::string_view> AllFailpoints();

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_FAILPOINT_H_
