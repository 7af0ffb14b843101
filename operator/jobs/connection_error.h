#ifndef LANDWAITER_OPERATOR_JOBS_CONNECTION_ERROR_H_
#define LANDWAITER_OPERATOR_JOBS_CONNECTION_ERROR_H_

#include <string>

#include "nlohmann/json_fwd.hpp"
#include "operator/api/image_registry.h"
#include "operator/jobs/job_status.h"

namespace landwaiter::jobs {

// How a failure of a connection is told to people
// (docs/reference/failures.md).

// The code's own sentence ("Username or password is invalid."), then what
// happened. Codes that have no sentence: what happened alone.
std::string ErrorMessage(const VerifyResult& result);

// What a person can do about it: it names the version that was detected, the
// role that the type needs, and for the network which step failed. Empty for
// codes that are no connection's.
std::string SolutionFor(const VerifyResult& result,
                        const api::ImageRegistry& registry);

// status.error of the registry.
nlohmann::json ErrorJson(const VerifyResult& result,
                         const api::ImageRegistry& registry);

// Whether trying again, unchanged, can only repeat it: a refusal of the
// account, which must not be repeated (accounts get locked, addresses banned).
bool IsRefusal(const VerifyResult& result);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_CONNECTION_ERROR_H_
