#include "operator/kube/fake/stepped_informer.h"

#include <utility>

#include "core/base/failure.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {

SteppedInformer::SteppedInformer(FakeKubeClient* client, base::Clock* clock,
                                 Informer* informer)
    : client_(client), clock_(clock), informer_(informer) {}

SteppedInformer::~SteppedInformer() = default;

absl::Time SteppedInformer::Step() {
  if (watch_ != nullptr && PollWatch()) return watch_ends_;
  Reflector& reflector = informer_->reflector();
  const Reflector::Options& options = reflector.options();
  const absl::Time now = clock_->Now();
  Reflector::Action action = reflector.Next(now);
  switch (action.kind) {
    case Reflector::Action::kWait:
      return action.until;
    case Reflector::Action::kList:
      reflector.OnListed(client_->List(options.type, options.ns, action.list),
                         clock_->Now());
      return clock_->Now();
    case Reflector::Action::kWatch:
      break;
  }
  auto watch = client_->OpenWatch(options.type, options.ns, action.watch);
  if (!watch.ok()) {
    reflector.OnWatchEnded(watch.status(), clock_->Now());
    return clock_->Now();
  }
  watch_ = *std::move(watch);
  watch_ends_ = now + action.watch.timeout;
  return PollWatch() ? watch_ends_ : clock_->Now();
}

// Whether the watch is still open.
bool SteppedInformer::PollWatch() {
  absl::Status status = Deliver();
  if (status.ok() && clock_->Now() < watch_ends_) return true;
  watch_ = nullptr;
  informer_->reflector().OnWatchEnded(std::move(status), clock_->Now());
  return false;
}

absl::Status SteppedInformer::Deliver() {
  LANDWAITER_ASSIGN_OR_RETURN(std::vector<WatchEvent> events, watch_->Poll());
  for (const WatchEvent& event : events) {
    LANDWAITER_RETURN_IF_ERROR(informer_->reflector().OnEvent(event));
  }
  return absl::OkStatus();
}

void SteppedInformer::Settle() {
  while (Step() <= clock_->Now()) {
  }
}

}  // namespace landwaiter::kube
