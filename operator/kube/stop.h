#ifndef LANDWAITER_OPERATOR_KUBE_STOP_H_
#define LANDWAITER_OPERATOR_KUBE_STOP_H_

#include <stop_token>

#include "absl/time/time.h"

namespace landwaiter::kube {

// Waits; false if the stop was requested before or meanwhile.
bool SleepUnlessStopped(const std::stop_token& stop, absl::Duration duration);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_STOP_H_
