#include "operator/api/scan_task.h"

#include <array>
#include <utility>

#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reader.h"
#include "operator/kube/object.h"

namespace landwaiter::api {
namespace {

using model::TaskPhase;
using model::TaskType;

constexpr std::array<std::pair<std::string_view, TaskPhase>, 8> kPhases = {{
    {"Pending", TaskPhase::kPending},
    {"Discovering", TaskPhase::kDiscovering},
    {"Running", TaskPhase::kRunning},
    {"Succeeded", TaskPhase::kSucceeded},
    {"PartiallySucceeded", TaskPhase::kPartiallySucceeded},
    {"Failed", TaskPhase::kFailed},
    {"TimedOut", TaskPhase::kTimedOut},
    {"Cancelled", TaskPhase::kCancelled},
}};

constexpr std::array<std::pair<std::string_view, TaskType>, 5> kTypes = {{
    {"AssetSync", TaskType::kAssetSync},
    {"ImageSync", TaskType::kImageSync},
    {"ImageScan", TaskType::kImageScan},
    {"RuntimeScan", TaskType::kRuntimeScan},
    {"ImageFix", TaskType::kImageFix},
}};

absl::Time TimeAt(const nlohmann::json& object,
                  std::initializer_list<std::string_view> path) {
  return kube::TimeFromText(kube::StringAt(object, path))
      .value_or(absl::InfinitePast());
}

}  // namespace

std::string_view ToString(TaskPhase phase) {
  for (const auto& [name, value] : kPhases) {
    if (value == phase) return name;
  }
  return "Running";  // a newer analyzer's phase: it has not ended
}

TaskPhase TaskPhaseFromString(std::string_view text) {
  for (const auto& [name, value] : kPhases) {
    if (name == text) return value;
  }
  return TaskPhase::kUnknown;
}

TaskType TaskTypeFromString(std::string_view text) {
  for (const auto& [name, value] : kTypes) {
    if (name == text) return value;
  }
  return TaskType::kUnknown;
}

absl::StatusOr<ScanTask> ScanTask::Parse(const nlohmann::json& object) {
  absl::Status error;
  Reader spec = Reader(object, "", &error).Object("spec");
  ScanTask task;
  task.ns = kube::NamespaceOf(object);
  task.name = kube::NameOf(object);
  task.uid = kube::UidOf(object);
  task.created = TimeAt(object, {"metadata", "creationTimestamp"});
  task.type_name = spec.String("type");
  task.type = TaskTypeFromString(task.type_name);
  task.policy = spec.Object("policyRef").String("name");
  task.retry_of = spec.Object("retryOf").String("name");
  if (spec.Has("scope")) task.scope = ReadScope(spec.Object("scope"));
  task.images = spec.Strings("images");
  task.force = spec.Bool("force", false);
  task.cancel = spec.Bool("cancel", false);
  task.ttl = spec.Duration("ttlAfterFinished", absl::Hours(168));
  task.trigger = kube::LabelOf(object, kTriggerLabel);
  task.phase = TaskPhaseFromString(kube::StringAt(object, {"status", "phase"}));
  task.completion = TimeAt(object, {"status", "completionTime"});
  if (!error.ok()) return error;
  return task;
}

}  // namespace landwaiter::api
