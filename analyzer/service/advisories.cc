#include "analyzer/service/advisories.h"

#include <utility>

#include "analyzer/queue/rematch.h"
#include "core/base/failure.h"
#include "core/base/log.h"

namespace landwaiter::analyzer::service {

absl::StatusOr<queue::Detection> CurrentDetector::Detect(
    const model::Inventory& inventory) {
  const std::shared_ptr<queue::Detector> detector = Get();
  if (detector == nullptr) {
    return absl::UnavailableError("the advisories are not loaded yet");
  }
  return detector->Detect(inventory);
}

void CurrentDetector::Set(std::shared_ptr<queue::Detector> detector) {
  absl::MutexLock lock(&mutex_);
  // The old one lives until its last Detect is through.
  detector_ = std::move(detector);
}

std::shared_ptr<queue::Detector> CurrentDetector::Get() {
  absl::MutexLock lock(&mutex_);
  return detector_;
}

absl::Status AdvisoryUpdater::Update() {
  LANDWAITER_ASSIGN_OR_RETURN(std::optional<AdvisoryUpdate> update,
                              source_.Refresh());
  if (update) {
    detector_.Set(update->detector);
    version_ = update->version;
    if (update->changed) {
      pending_.insert(pending_.end(), update->changed->begin(),
                      update->changed->end());
    } else {
      all_pending_ = true;
    }
  }
  return RematchPending();
}

absl::Status AdvisoryUpdater::RematchPending() {
  if (!all_pending_ && pending_.empty()) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(const queue::RematchResult result,
                              all_pending_
                                  ? queue::RematchAll(environment_)
                                  : queue::Rematch(environment_, pending_));
  all_pending_ = false;
  pending_.clear();
  base::LogInfo("advisories updated", {{"version", version_},
                                       {"images", result.images},
                                       {"changed", result.changed}});
  return absl::OkStatus();
}

}  // namespace landwaiter::analyzer::service
