#include "analyzer/queue/change_feed.h"

namespace landwaiter::analyzer::queue {

model::Change EverythingChanged() {
  return {.kind = model::Change::Kind::kWork, .tenant = {}, .uid = ""};
}

std::unique_ptr<ChangeFeed::Subscription> ChangeFeed::Subscribe() {
  std::unique_ptr<Subscription> subscription(new Subscription(*this));
  absl::MutexLock lock(&mutex_);
  pending_[subscription.get()] = {EverythingChanged()};
  return subscription;
}

void ChangeFeed::OnChange(const model::Change& change) {
  absl::MutexLock lock(&mutex_);
  for (auto& [subscription, changes] : pending_) {
    if (changes.contains(EverythingChanged())) continue;
    changes.insert(change);
    if (changes.size() > kMaxPending) changes = {EverythingChanged()};
  }
  changed_.SignalAll();
}

ChangeFeed::Subscription::~Subscription() {
  absl::MutexLock lock(&feed_.mutex_);
  feed_.pending_.erase(this);
}

std::optional<model::Change> ChangeFeed::Subscription::Next(
    absl::Duration timeout) {
  absl::MutexLock lock(&feed_.mutex_);
  std::set<model::Change>& changes = feed_.pending_[this];
  const absl::Time deadline = absl::Now() + timeout;
  while (changes.empty()) {
    const bool timed_out =
        feed_.changed_.WaitWithDeadline(&feed_.mutex_, deadline);
    if (timed_out && changes.empty()) return std::nullopt;
  }
  return changes.extract(changes.begin()).value();
}

}  // namespace landwaiter::analyzer::queue
