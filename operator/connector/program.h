#ifndef LANDWAITER_OPERATOR_CONNECTOR_PROGRAM_H_
#define LANDWAITER_OPERATOR_CONNECTOR_PROGRAM_H_

#include "absl/status/status.h"
#include "core/base/clock.h"
#include "operator/connector/config.h"

namespace landwaiter::connector {

// `landwaiter-operator connector`: enrols once, then keeps a stream to the
// operator, until the clock is interrupted. Answers /healthz and /readyz (once
// it is connected). Returns why it could not begin.
absl::Status RunConnector(const ConnectorConfig& config,
                          base::RealClock& clock);

}  // namespace landwaiter::connector

#endif  // LANDWAITER_OPERATOR_CONNECTOR_PROGRAM_H_
