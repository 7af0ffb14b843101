#include "operator/kube/leader_runner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/log.h"
#include "operator/kube/stop.h"

namespace landwaiter::kube {

LeaderRunner::LeaderRunner(LeaderElector* elector, base::Clock* clock,
                           Callbacks callbacks)
    : elector_(elector),
      clock_(clock),
      callbacks_(std::move(callbacks)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

LeaderRunner::~LeaderRunner() = default;

void LeaderRunner::Stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void LeaderRunner::Run(const std::stop_token& stop) {
  while (!stop.stop_requested() && !elector_->IsLeader(clock_->Now())) {
    StepAndWait(stop);
  }
  if (elector_->IsLeader(clock_->Now())) {
    base::LogInfo("leader elected",
                  {{"identity", elector_->options().identity}});
    if (callbacks_.on_started_leading) callbacks_.on_started_leading();
    while (!stop.stop_requested() && elector_->IsLeader(clock_->Now())) {
      StepAndWait(stop);
    }
    base::LogInfo("leadership ended",
                  {{"identity", elector_->options().identity},
                   {"released", stop.stop_requested()}});
    if (callbacks_.on_stopped_leading) callbacks_.on_stopped_leading();
  }
  if (absl::Status status = elector_->Release(clock_->Now()); !status.ok()) {
    base::LogWarning("lease not released",
                     {{"error", std::string(status.message())}});
  }
}

void LeaderRunner::StepAndWait(const std::stop_token& stop) {
  const bool failed_before = !elector_->last_error().ok();
  const absl::Time next = elector_->Step(clock_->Now());
  if (!elector_->last_error().ok() && !failed_before) {
    base::LogWarning(
        "lease not renewed",
        {{"error", std::string(elector_->last_error().message())}});
  }
  const absl::Time now = clock_->Now();
  const absl::Time until =
      elector_->IsLeader(now) ? std::min(next, elector_->LeadsUntil()) : next;
  SleepUnlessStopped(stop, until - now);
}

}  // namespace landwaiter::kube
