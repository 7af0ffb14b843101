#include "core/http/watchdog.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace landwaiter::http {

Watchdog::~Watchdog() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.SignalAll();
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

Watchdog::Guard::Guard(Watchdog& watchdog, absl::Duration deadline,
                       std::function<void()> expire)
    : watchdog_(watchdog) {
  absl::MutexLock lock(&watchdog.mutex_);
  id_ = ++watchdog.last_id_;
  watchdog.entries_[id_] = {absl::Now() + deadline, std::move(expire)};
  if (!watchdog.thread_.joinable()) {
    watchdog.thread_ = std::thread([&watchdog] { watchdog.Run(); });
  }
  watchdog.changed_.SignalAll();
}

Watchdog::Guard::~Guard() {
  absl::MutexLock lock(&watchdog_.mutex_);
  watchdog_.entries_.erase(id_);
}

bool Watchdog::Guard::expired() {
  absl::MutexLock lock(&watchdog_.mutex_);
  return watchdog_.entries_[id_].expired;
}

void Watchdog::Run() {
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    ExpireDue();
    changed_.WaitWithDeadline(&mutex_, NextDeadline());
  }
}

absl::Time Watchdog::NextDeadline() const {
  absl::Time next = absl::InfiniteFuture();
  for (const auto& [id, entry] : entries_) {
    if (!entry.expired) next = std::min(next, entry.deadline);
  }
  return next;
}

void Watchdog::ExpireDue() {
  const absl::Time now = absl::Now();
  for (auto& [id, entry] : entries_) {
    if (!entry.expired && entry.deadline <= now) {
      entry.expired = true;
      entry.expire();
    }
  }
}

}  // namespace landwaiter::http
