#include "operator/manager/controller.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/log.h"

namespace landwaiter::manager {

Controller::Controller(std::string name, reconcile::Reconciler* reconciler,
                       base::Clock* clock, ControllerObserver* observer,
                       LaneOf lane_of)
    : name_(std::move(name)),
      reconciler_(reconciler),
      clock_(clock),
      observer_(observer),
      lane_of_(std::move(lane_of)),
      queue_({}, clock, observer) {}

bool Controller::Step() {
  const std::optional<kube::ObjectKey> key = queue_.Poll();
  if (!key) return false;
  Process(*key);
  return true;
}

void Controller::Run(const Dispatch& dispatch) {
  while (const std::optional<kube::ObjectKey> key = queue_.Get()) {
    const std::string lane = lane_of_ ? lane_of_(*key) : "";
    if (lane.empty()) {
      Process(*key);
    } else {
      // Until it is Done the queue hands it out to nobody else.
      dispatch(lane, [this, key = *key] { Process(key); });
    }
  }
}

void Controller::Process(const kube::ObjectKey& key) {
  using Outcome = ControllerObserver::Outcome;
  const absl::Time start = clock_->Now();
  const absl::StatusOr<absl::Time> again = reconciler_->Reconcile(key);
  const absl::Time end = clock_->Now();
  Outcome outcome = Outcome::kSuccess;
  if (!again.ok()) {
    outcome = Outcome::kError;
    // A conflict only says that the cache was old; a shutdown cuts calls short.
    const bool expected =
        absl::IsAborted(again.status()) || queue_.shutting_down();
    const auto level =
        expected ? base::LogLevel::kDebug : base::LogLevel::kWarning;
    base::Log(level, "reconcile failed",
              {{"controller", name_},
               {"object", key.ToString()},
               {"error", again.status().ToString()}});
    queue_.AddRateLimited(key);
  } else {
    queue_.Forget(key);
    if (*again != absl::InfiniteFuture()) {
      outcome = Outcome::kRequeueAfter;
      queue_.AddAfter(key, std::max(*again - end, absl::ZeroDuration()));
    }
  }
  queue_.Done(key);
  if (observer_ != nullptr) observer_->OnReconcile(outcome, end - start);
}

}  // namespace landwaiter::manager
