#include "agent/pipeline/scan_pod.h"

#include <algorithm>
#include <utility>

#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"

namespace landwaiter::agent::pipeline {
namespace {

constexpr size_t kMaxMessage = 1024;

absl::Status Handle(const Stages& stages, const model::WorkItem& item) {
  switch (item.kind) {
    case model::WorkKind::kListRepositories:
      return ListRepositories(stages, item);
    case model::WorkKind::kListTags:
      return ListTags(stages, item);
    case model::WorkKind::kScanImage:
      return ScanImage(stages, item);
    case model::WorkKind::kUnknown:
      break;
  }
  return absl::InternalError("this agent does not know the kind of work");
}

// Whether the pod should leave the item to whoever leases it next, without a
// word: it is not the pod's to report, or it did nothing wrong.
bool IsNobodysFault(const absl::Status& status) {
  return status.code() == absl::StatusCode::kAborted ||
         status.code() == absl::StatusCode::kCancelled ||
         (status.code() == absl::StatusCode::kUnauthenticated &&
          !base::HasFailureCode(status));
}

absl::Status Process(const Stages& stages, const model::WorkItem& item,
                     ScanPodCounts& counts) {
  LANDWAITER_RETURN_IF_ERROR(stages.failpoints.Hit(base::kAgentLeased));
  const absl::Status status = Handle(stages, item);
  if (IsNobodysFault(status)) {
    base::LogWarning(
        "item dropped",
        {{"item", item.id}, {"reason", base::ToStd(status.message())}});
    return absl::OkStatus();
  }
  LANDWAITER_RETURN_IF_ERROR(stages.failpoints.Hit(base::kAgentBeforeComplete));
  const absl::Status completed =
      stages.analyzer.Complete({item.id, item.fence}, OutcomeOf(status));
  base::LogInfo(
      "item completed",
      {{"item", item.id},
       {"repository", item.repository},
       {"digest", item.digest.text()},
       {"result",
        status.ok() ? "ok" : base::ToString(base::FailureCodeOf(status))},
       {"reason", base::ToStd(status.message())}});
  // A stale fence is the queue's way of saying that all is well elsewhere.
  if (completed.code() == absl::StatusCode::kAborted) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(completed);
  ++(status.ok() ? counts.done : counts.failed);
  return stages.failpoints.Hit(base::kAgentCompleted);
}

}  // namespace

model::Outcome OutcomeOf(const absl::Status& status) {
  model::Outcome outcome;
  if (status.ok()) return outcome;
  const base::FailureCode code = base::FailureCodeOf(status);
  outcome.failure = model::FailureInfo{
      std::string(base::ToString(code)), base::FailureCauseOf(status),
      base::ToValidUtf8(base::ToStd(status.message()).substr(0, kMaxMessage)),
      base::IsRetryable(code), base::RetryAfterOf(status)};
  return outcome;
}

absl::Status RunScanPod(const Stages& stages, const ScanPodOptions& options,
                        ScanPodCounts& counts) {
  absl::Time idle_since = stages.clock.Now();
  while (true) {
    auto reply = stages.analyzer.Lease(1);
    if (reply.status().code() == absl::StatusCode::kUnauthenticated) {
      base::LogInfo("work ended");
      return absl::OkStatus();
    }
    if (!reply.ok()) return reply.status();
    if (reply->items.empty()) {
      const absl::Time now = stages.clock.Now();
      // Nobody needs a pod that waits for an hour's budget.
      if (now - idle_since >= options.idle_limit ||
          reply->next_available > now + options.idle_limit * 2) {
        return absl::OkStatus();
      }
      const absl::Duration wait = std::clamp(
          reply->next_available - now, absl::Seconds(1), options.ask_every);
      if (!stages.clock.Sleep(wait)) return absl::OkStatus();
      continue;
    }
    for (const model::WorkItem& item : reply->items) stages.leases.Add(item);
    for (const model::WorkItem& item : reply->items) {
      const absl::Status status = Process(stages, item, counts);
      stages.leases.Remove(item.id);
      if (status.code() == absl::StatusCode::kUnauthenticated) {
        return absl::OkStatus();
      }
      LANDWAITER_RETURN_IF_ERROR(status);
    }
    idle_since = stages.clock.Now();
  }
}

}  // namespace landwaiter::agent::pipeline
