#ifndef LANDWAITER_CORE_BASE_STOP_SIGNALS_H_
#define LANDWAITER_CORE_BASE_STOP_SIGNALS_H_

#include <signal.h>

#include <thread>

#include "absl/time/time.h"
#include "core/base/clock.h"

namespace landwaiter::base {

// Waits for SIGTERM and SIGINT on a thread of its own, for as long as it lives:
// the first one interrupts the clock. Made before any other thread, since
// those must inherit that the signals are blocked.
class StopSignals {
 public:
  // `clock` outlives this. If this still lives `time_to_let_go` after the
  // signal, the process ends with status 0 and leaves everything as it is.
  explicit StopSignals(RealClock& clock, absl::Duration time_to_let_go =
                                             absl::InfiniteDuration());
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  sigset_t signals_;
  std::jthread thread_;
};

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_STOP_SIGNALS_H_
