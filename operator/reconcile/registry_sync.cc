#include "operator/reconcile/registry_sync.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/scan_task.h"
#include "operator/api/status.h"
#include "operator/api/text.h"
#include "operator/reconcile/task_factory.h"

namespace landwaiter::reconcile {
namespace {

using kube::Json;

bool IsFinite(absl::Time time) {
  return time != absl::InfinitePast() && time != absl::InfiniteFuture();
}

bool MayBeTheConnections(const std::string& code) {
  using base::FailureCode;
  for (const FailureCode mine :
       {FailureCode::kNetworkConnectError, FailureCode::kNetworkError,
        FailureCode::kUnauthorized, FailureCode::kFailedToVerifyUsernameOrPwd,
        FailureCode::kUserDoesNotHaveAdminRole,
        FailureCode::kRegistryVersionError}) {
    if (code == base::ToString(mine)) return true;
  }
  return false;
}

bool FailedForConnection(const Json& task) {
  const Json* failures = kube::Find(task, {"status", "failures"});
  if (failures == nullptr || !failures->is_array()) return false;
  return std::any_of(failures->begin(), failures->end(), [](const Json& each) {
    return MayBeTheConnections(kube::StringAt(each, {"code"}));
  });
}

}  // namespace

std::vector<kube::ObjectPtr> TasksOf(const Context& context,
                                     const api::ImageRegistry& registry) {
  std::vector<kube::ObjectPtr> tasks =
      context.cache->List(api::kScanTasks, registry.ns);
  std::erase_if(tasks, [&](const kube::ObjectPtr& task) {
    return kube::LabelOf(*task, api::kRegistryUidLabel) != registry.uid;
  });
  return tasks;
}

absl::Time ListingFailedAt(const std::vector<kube::ObjectPtr>& tasks) {
  absl::Time newest = absl::InfinitePast();
  bool failed = false;
  for (const kube::ObjectPtr& object : tasks) {
    const auto task = api::ScanTask::Parse(*object);
    if (!task.ok() || task->type != model::TaskType::kImageSync ||
        !model::IsTerminal(task->phase) || task->completion <= newest) {
      continue;
    }
    newest = task->completion;
    failed = FailedForConnection(*object);
  }
  return failed ? newest : absl::InfinitePast();
}

SyncPlan PlanSync(const api::ImageRegistry& registry, absl::Time last_sync,
                  absl::Time connected,
                  const std::vector<kube::ObjectPtr>& tasks, absl::Time now) {
  absl::Time last = last_sync;
  bool active = false;
  for (const kube::ObjectPtr& object : tasks) {
    const auto task = api::ScanTask::Parse(*object);
    if (!task.ok() || task->type != model::TaskType::kImageSync) continue;
    last = std::max(last, task->created);
    if (!model::IsTerminal(task->phase)) active = true;
  }
  SyncPlan plan;
  const bool first = last == absl::InfinitePast();
  plan.next = first ? now : last + registry.sync_interval;
  const absl::Time failed = ListingFailedAt(tasks);
  const bool again = failed != absl::InfinitePast() && connected > failed &&
                     connected < plan.next;
  if (again) plan.next = connected;
  plan.start = !active && now >= plan.next;
  plan.name =
      TaskName(registry.name, "sync",
               first   ? registry.uid.substr(0, 8)
               : again ? base::StrCat("again-", absl::ToUnixSeconds(connected))
                       : base::StrCat(absl::ToUnixSeconds(plan.next) / 60));
  return plan;
}

void PutRegistryStatus(const model::RegistryStatus& registry,
                       uint32_t images_per_hour, Json& status) {
  status["repositories"] = registry.repositories;
  status["images"] = registry.images;
  if (IsFinite(registry.last_sync)) {
    status["lastSyncTime"] = kube::TimeText(registry.last_sync);
  }
  Json budget = {{"usedInWindow", registry.used_in_window}};
  budget["imagesPerHour"] =
      images_per_hour == 0 ? Json("Unlimited") : Json(images_per_hour);
  if (IsFinite(registry.next_available)) {
    budget["nextAvailableAt"] = kube::TimeText(registry.next_available);
  }
  status["budget"] = std::move(budget);
  status["findings"]["systemVulnerabilities"] =
      api::SeverityCountsJson(registry.vulnerabilities.system);
  status["findings"]["applicationVulnerabilities"] =
      api::SeverityCountsJson(registry.vulnerabilities.application);
}

void PutSyncProgress(const std::vector<kube::ObjectPtr>& tasks, Json& status) {
  const Json* newest = nullptr;
  std::string newest_created;
  for (const kube::ObjectPtr& task : tasks) {
    // RFC 3339 in UTC: order of text is order of time.
    const std::string created =
        kube::StringAt(*task, {"metadata", "creationTimestamp"});
    if (kube::StringAt(*task, {"spec", "type"}) != "ImageSync" ||
        (newest != nullptr && created < newest_created)) {
      continue;
    }
    newest = task.get();
    newest_created = created;
  }
  status.erase("sync");
  if (newest == nullptr) return;
  status["sync"] = {
      {"task", kube::NameOf(*newest)},
      {"phase", kube::StringAt(*newest, {"status", "phase"}, "Pending")}};
  const std::string start = kube::StringAt(*newest, {"status", "startTime"});
  if (!start.empty()) status["sync"]["startTime"] = start;
  const Json* log = kube::Find(*newest, {"status", "log"});
  if (log != nullptr && log->is_array() && !log->empty()) {
    status["sync"]["message"] =
        api::Text(kube::StringAt(log->back(), {"message"}), 256);
  }
}

void PutSynced(absl::Time last_sync, absl::Duration interval, absl::Time now,
               api::Conditions& conditions) {
  using api::ConditionStatus;
  if (!IsFinite(last_sync)) {
    conditions.Set(api::kSynced, ConditionStatus::kFalse,
                   api::reason::kNeverSynced,
                   "The registry has not been listed yet.");
  } else if (now > last_sync + 2 * interval) {
    conditions.Set(api::kSynced, ConditionStatus::kFalse,
                   api::reason::kSyncOverdue,
                   "The last complete listing is older than two intervals.");
  } else {
    conditions.Set(api::kSynced, ConditionStatus::kTrue, api::reason::kListed,
                   "The list of images is up to date.");
  }
}

}  // namespace landwaiter::reconcile
