#ifndef LANDWAITER_CORE_BASE_CLOCK_H_
#define LANDWAITER_CORE_BASE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace landwaiter::base {

// Tells the time and waits for it to pass. Injected wherever a decision depends
// on time, so that tests and the simulation own the clock. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall-clock time.
  virtual absl::Time Now() = 0;

  // Blocks until `duration` has passed, or until Interrupt() was called.
  // Returns false if interrupted (then, and ever after, at once): the caller
  // should wind up. A duration that is not positive returns immediately.
  virtual bool Sleep(absl::Duration duration) = 0;
};

// The machine's clock. Interrupt() ends every Sleep, present and future: it is
// what a program's signal handling calls to shut down.
class RealClock : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
  bool Sleep(absl::Duration duration) override;
  void Interrupt();

 private:
  absl::Notification interrupted_;
  absl::Mutex mutex_;
};

// A clock that a test moves. Sleep() advances it by itself and returns, so
// that code under test never waits.
class FakeClock : public Clock {
 public:
  explicit FakeClock(absl::Time start = absl::FromUnixSeconds(1'700'000'000))
      : now_(start) {}
  absl::Time Now() override;
  bool Sleep(absl::Duration duration) override;
  void Advance(absl::Duration duration);
  // The sum of all sleeps so far.
  absl::Duration Slept();

 private:
  absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
  absl::Duration slept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_CLOCK_H_
