#ifndef LANDWAITER_OPERATOR_API_SCAN_TASK_H_
#define LANDWAITER_OPERATOR_API_SCAN_TASK_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/model/task.h"
#include "nlohmann/json_fwd.hpp"
#include "operator/api/scope.h"

namespace landwaiter::api {

// What a ScanTask asks for (deploy/crds), and how far its status says it is.
struct ScanTask {
  std::string ns;
  std::string name;
  std::string uid;
  absl::Time created = absl::InfinitePast();

  std::string type_name;  // as written
  model::TaskType type = model::TaskType::kUnknown;
  std::string policy;    // name; empty: none
  std::string retry_of;  // name; empty: none
  std::optional<ScopeSpec> scope;
  std::vector<std::string> images;
  bool force = false;
  bool cancel = false;
  absl::Duration ttl = absl::Hours(168);
  // What made it ("schedule", ...); empty: a person.
  std::string trigger;

  model::TaskPhase phase = model::TaskPhase::kUnknown;  // of its status
  absl::Time completion = absl::InfinitePast();

  // INVALID_ARGUMENT names the first field that is not as the schema says.
  static absl::StatusOr<ScanTask> Parse(const nlohmann::json& object);
};

std::string_view ToString(model::TaskPhase phase);
model::TaskPhase TaskPhaseFromString(std::string_view text);
model::TaskType TaskTypeFromString(std::string_view text);

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_SCAN_TASK_H_
