#ifndef LANDWAITER_OPERATOR_API_STATUS_H_
#define LANDWAITER_OPERATOR_API_STATUS_H_

#include "absl/time/time.h"
#include "core/model/task.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::api {

// Parts of a status as the schemas in deploy/crds have them, bounded in size.

// {"critical": 1, ...}
nlohmann::json SeverityCountsJson(const model::SeverityCounts& counts);

// What the analyzer knows of a task: everything of a ScanTask's status but
// conditions and observedGeneration. Unknown and absent parts are left out.
nlohmann::json TaskStatusJson(const model::TaskStatus& status);

// Adds one line to the log of a status that TaskStatusJson made, as its
// newest.
void AppendLog(nlohmann::json& status, absl::Time time,
               std::string_view message);

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_STATUS_H_
