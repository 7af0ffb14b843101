#include "core/base/clock.h"

#include <algorithm>

namespace landwaiter::base {

bool RealClock::Sleep(absl::Duration duration) {
  return !interrupted_.WaitForNotificationWithTimeout(
      std::max(duration, absl::ZeroDuration()));
}

void RealClock::Interrupt() {
  absl::MutexLock lock(&mutex_);
  if (!interrupted_.HasBeenNotified()) interrupted_.Notify();
}

absl::Time FakeClock::Now() {
  absl::MutexLock lock(&mutex_);
  return now_;
}

bool FakeClock::Sleep(absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  if (duration > absl::ZeroDuration()) {
    now_ += duration;
    slept_ += duration;
  }
  return true;
}

void FakeClock::Advance(absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  now_ += duration;
}

absl::Duration FakeClock::Slept() {
  absl::MutexLock lock(&mutex_);
  return slept_;
}

}  // namespace landwaiter::base
