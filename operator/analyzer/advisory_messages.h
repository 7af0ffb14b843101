#ifndef LANDWAITER_OPERATOR_ANALYZER_ADVISORY_MESSAGES_H_
#define LANDWAITER_OPERATOR_ANALYZER_ADVISORY_MESSAGES_H_

#include "core/model/advisories.h"
#include "landwaiter/v1/advisories.pb.h"

// landwaiter/v1/advisories.proto <-> core/model/advisories.h.
namespace landwaiter::control {

v1::ApplyAdvisoriesRequest ToProto(const model::AdvisorySettings& from);
model::AdvisoriesStatus FromProto(const v1::AdvisoriesStatus& from);

}  // namespace landwaiter::control

#endif  // LANDWAITER_OPERATOR_ANALYZER_ADVISORY_MESSAGES_H_
