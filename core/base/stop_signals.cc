#include "core/base/stop_signals.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <stop_token>

#include "absl/time/clock.h"
#include "core/base/log.h"

namespace landwaiter::base {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(200);

}  // namespace

StopSignals::StopSignals(RealClock& clock, absl::Duration time_to_let_go) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  thread_ =
      std::jthread([this, &clock, time_to_let_go](const std::stop_token& stop) {
        const timespec poll = absl::ToTimespec(kPoll);
        int signal = 0;
        while (signal <= 0) {
          if (stop.stop_requested()) return;
          signal = sigtimedwait(&signals_, nullptr, &poll);
        }
        LogInfo("signal received", {{"signal", signal}});
        clock.Interrupt();
        const absl::Time give_up = absl::Now() + time_to_let_go;
        while (!stop.stop_requested()) {
          if (absl::Now() >= give_up) _exit(0);
          absl::SleepFor(std::min(kPoll, give_up - absl::Now()));
        }
      });
}

}  // namespace landwaiter::base
