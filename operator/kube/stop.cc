#include "operator/kube/stop.h"

#include "absl/synchronization/notification.h"

namespace landwaiter::kube {

bool SleepUnlessStopped(const std::stop_token& stop, absl::Duration duration) {
  absl::Notification stopped;
  std::stop_callback callback(stop, [&stopped] { stopped.Notify(); });
  return !stopped.WaitForNotificationWithTimeout(duration);
}

}  // namespace landwaiter::kube
