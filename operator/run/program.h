#ifndef LANDWAITER_OPERATOR_RUN_PROGRAM_H_
#define LANDWAITER_OPERATOR_RUN_PROGRAM_H_

#include "absl/status/status.h"
#include "core/base/clock.h"
#include "operator/config/operator_config.h"

namespace landwaiter::run {

// The program: stands for election, works while it leads, answers /healthz,
// /readyz and /metrics all along. Returns when `clock` is interrupted (OK) or
// when leadership is lost (ABORTED: start again from nothing).
absl::Status RunOperator(const config::OperatorConfig& config,
                         base::RealClock& clock);

}  // namespace landwaiter::run

#endif  // LANDWAITER_OPERATOR_RUN_PROGRAM_H_
