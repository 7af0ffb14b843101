#include "analyzer/service/advisories.h"

#include <utility>

#include "analyzer/queue/rematch.h"
#include "core/base/failure.h"
#include "core/base/log.h"

namespace landwaiter::analyzer::service {
namespace {

// The version of the advisories that every stored image was matched with.
constexpr std::string_view kMatchedNote = "advisories-matched";

}  // namespace

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
    LANDWAITER_RETURN_IF_ERROR(Plan(*update));
  }
  return RematchPending();
}

absl::Status AdvisoryUpdater::Plan(const AdvisoryUpdate& update) {
  const bool first = version_.empty();
  version_ = update.version;
  // Until it is known otherwise: a failure below must not lose the update.
  const bool all = std::exchange(all_pending_, true);
  std::string matched;
  LANDWAITER_RETURN_IF_ERROR(
      environment_.store.Read([&](store::Transaction& txn) -> absl::Status {
        LANDWAITER_ASSIGN_OR_RETURN(matched, txn.Note(kMatchedNote));
        return absl::OkStatus();
      }));
  if (first && matched == update.version) {
    all_pending_ = all;
  } else if (!first && update.changed) {
    all_pending_ = all;
    pending_.insert(pending_.end(), update.changed->begin(),
                    update.changed->end());
  }
  return absl::OkStatus();
}

absl::Status AdvisoryUpdater::RematchPending() {
  if (!all_pending_ && pending_.empty()) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(const queue::RematchResult result,
                              all_pending_
                                  ? queue::RematchAll(environment_)
                                  : queue::Rematch(environment_, pending_));
  LANDWAITER_RETURN_IF_ERROR(NoteVersion(version_));
  all_pending_ = false;
  pending_.clear();
  base::LogInfo("advisories updated", {{"version", version_},
                                       {"images", result.images},
                                       {"changed", result.changed}});
  return absl::OkStatus();
}

absl::Status AdvisoryUpdater::UseWithoutAdvisories(
    std::shared_ptr<queue::Detector> detector) {
  if (detector_.HasDetector()) return absl::OkStatus();
  // What it concludes is to be matched again, whatever the version then is.
  LANDWAITER_RETURN_IF_ERROR(NoteVersion(""));
  detector_.Set(std::move(detector));
  return absl::OkStatus();
}

absl::Status AdvisoryUpdater::NoteVersion(const std::string& version) {
  return environment_.store.Write([&](store::Transaction& txn) {
    return txn.PutNote(kMatchedNote, version);
  });
}

}  // namespace landwaiter::analyzer::service
