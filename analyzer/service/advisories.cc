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

std::string CurrentDetector::version() {
  const std::shared_ptr<queue::Detector> detector = Get();
  return detector == nullptr ? "" : detector->version();
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
  const bool all = std::exchange(pending_.all, true);
  std::string matched;
  LANDWAITER_RETURN_IF_ERROR(
      environment_.store.Read([&](store::Transaction& txn) -> absl::Status {
        LANDWAITER_ASSIGN_OR_RETURN(matched, txn.Note(kMatchedNote));
        return absl::OkStatus();
      }));
  if (first && matched == update.version) {
    pending_.all = all;
  } else if (!first && update.changed) {
    pending_.all = all || update.changed->all;
    const auto add = [](const auto& from, auto& to) {
      to.insert(to.end(), from.begin(), from.end());
    };
    add(update.changed->lookups, pending_.lookups);
    add(update.changed->findings, pending_.findings);
  }
  return absl::OkStatus();
}

absl::Status AdvisoryUpdater::RematchPending() {
  if (!pending_.all && pending_.lookups.empty() && pending_.findings.empty()) {
    return absl::OkStatus();
  }
  const absl::Time start = environment_.clock.Now();
  LANDWAITER_ASSIGN_OR_RETURN(const queue::RematchResult result,
                              queue::Rematch(environment_, pending_));
  LANDWAITER_RETURN_IF_ERROR(NoteVersion(version_));
  pending_ = {};
  const absl::Time end = environment_.clock.Now();
  base::LogInfo("advisories updated", {{"version", version_},
                                       {"images", result.images},
                                       {"changed", result.changed},
                                       {"appeared", result.appeared},
                                       {"disappeared", result.disappeared}});
  const absl::MutexLock lock(&mutex_);
  report_ = {.result = result, .duration = end - start, .time = end};
  return absl::OkStatus();
}

RematchReport AdvisoryUpdater::Report() {
  const absl::MutexLock lock(&mutex_);
  return report_;
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
