#ifndef LANDWAITER_OPERATOR_ANALYZER_ADVISORY_CLIENT_H_
#define LANDWAITER_OPERATOR_ANALYZER_ADVISORY_CLIENT_H_

#include "absl/status/statusor.h"
#include "core/model/advisories.h"

namespace landwaiter::control {

// The analyzer's advisories, as the operator sees them
// (proto/landwaiter/v1/advisories.proto). Applying may be repeated.
// Thread-safe; errors as of ControlClient.
class AdvisoryClient {
 public:
  virtual ~AdvisoryClient() = default;
  virtual absl::StatusOr<model::AdvisoriesStatus> ApplyAdvisories(
      const model::AdvisorySettings& settings) = 0;
};

}  // namespace landwaiter::control

#endif  // LANDWAITER_OPERATOR_ANALYZER_ADVISORY_CLIENT_H_
