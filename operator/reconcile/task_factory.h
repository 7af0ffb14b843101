#ifndef LANDWAITER_OPERATOR_RECONCILE_TASK_FACTORY_H_
#define LANDWAITER_OPERATOR_RECONCILE_TASK_FACTORY_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "operator/api/image_registry.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

// Values of api::kTriggerLabel.
inline constexpr std::string_view kTriggerSchedule = "schedule";
inline constexpr std::string_view kTriggerInterval = "interval";
inline constexpr std::string_view kTriggerAnnotation = "annotation";

// ScanTasks that the operator makes. Names are functions of what the task is
// for, so that making one twice is the same as making it once.

// "<owner>-<what>-<suffix>", with the owner's name cut so that all fits.
std::string TaskName(std::string_view owner, std::string_view what,
                     std::string_view suffix);

struct OwnedTask {
  std::string name;
  std::string type;  // ImageSync, ImageScan
  std::string_view trigger;
  absl::Duration ttl = absl::Hours(168);
};

// A task for one registry, owned by it.
kube::Json TaskOfRegistry(const OwnedTask& task,
                          const api::ImageRegistry& registry);
// A task that takes its scope from a policy, owned by it. `policy` is the
// ScanPolicy's object.
kube::Json TaskOfPolicy(const OwnedTask& task, const kube::Json& policy);

// Whether TaskOfPolicy made it, for the policy of this uid or, if that is
// empty, for any. A label alone, which people may copy, does not make it so.
bool IsMadeByPolicy(const kube::Json& task, std::string_view policy_uid);

// Creates it; that it exists is fine.
absl::Status CreateTask(const Context& context, const kube::Json& owner,
                        const kube::Json& task);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_TASK_FACTORY_H_
