#ifndef LANDWAITER_OPERATOR_RUN_PROGRAM_H_
#define LANDWAITER_OPERATOR_RUN_PROGRAM_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/base/clock.h"
#include "operator/config/operator_config.h"

namespace landwaiter::run {

// The program: stands for election, works while it leads, answers /healthz,
// /readyz and /metrics all along. Returns when `clock` is interrupted (OK) or
// when leadership is lost (ABORTED: start again from nothing).
absl::Status RunOperator(const config::OperatorConfig& config,
                         base::RealClock& clock);

// After the operator was removed: takes its finalizers off what is in the
// namespaces, of the cluster that KUBECONFIG or the pod's account leads to.
absl::Status ReleaseFinalizers(const std::vector<std::string>& namespaces,
                               base::Clock& clock);

}  // namespace landwaiter::run

#endif  // LANDWAITER_OPERATOR_RUN_PROGRAM_H_
