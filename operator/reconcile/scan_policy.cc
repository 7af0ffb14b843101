#include "operator/reconcile/scan_policy.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_join.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/scan_task.h"
#include "operator/reconcile/cron.h"
#include "operator/reconcile/task_factory.h"

namespace landwaiter::reconcile {
namespace {

using api::ConditionStatus;
using kube::Json;
namespace reason = api::reason;

struct PolicyTask {
  kube::ObjectPtr object;
  api::ScanTask task;
};

std::vector<PolicyTask> ParseTasks(const std::vector<kube::ObjectPtr>& tasks) {
  std::vector<PolicyTask> parsed;
  for (const kube::ObjectPtr& object : tasks) {
    auto task = api::ScanTask::Parse(*object);
    if (task.ok()) parsed.push_back({object, *std::move(task)});
  }
  std::sort(parsed.begin(), parsed.end(), [](const auto& a, const auto& b) {
    return std::pair(a.task.created, a.task.name) <
           std::pair(b.task.created, b.task.name);
  });
  return parsed;
}

void Refuse(PolicyPlan& plan, std::string_view problem, std::string message) {
  plan.problem = std::string(problem);
  plan.message = std::move(message);
}

// What of the policy is not built yet; true if that keeps it from running.
bool RefuseNotImplemented(const api::ScanPolicy& policy, PolicyPlan& plan) {
  if (policy.fix_enabled) {
    Refuse(plan, reason::kNotImplemented,
           "spec.fix.enabled: fixing images is not built yet");
  } else if (!policy.scope.auto_add_repositories) {
    Refuse(plan, reason::kNotImplemented,
           "spec.scope.autoAddRepositories: a frozen set of repositories is "
           "not built yet; use true");
  } else if (!policy.items.empty() &&
             std::none_of(policy.items.begin(), policy.items.end(),
                          api::IsImplementedItem)) {
    Refuse(plan, reason::kNotImplemented,
           "spec.items: none of them is built yet; use SystemVulnerabilities "
           "or ApplicationVulnerabilities");
  }
  return !plan.problem.empty();
}

std::optional<Cron> ParseSchedule(const api::ScanPolicy& policy,
                                  PolicyPlan& plan) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!policy.time_zone.empty() &&
      !absl::LoadTimeZone(policy.time_zone, &zone)) {
    Refuse(plan, reason::kInvalidSchedule,
           base::StrCat("spec.timeZone: there is no time zone ",
                        policy.time_zone));
    return std::nullopt;
  }
  auto cron = Cron::Parse(policy.schedule, zone);
  if (!cron.ok()) {
    Refuse(plan, reason::kInvalidSchedule,
           base::StrCat("spec.", std::string(cron.status().message())));
    return std::nullopt;
  }
  return *cron;
}

void PlanHistory(const api::ScanPolicy& policy,
                 const std::vector<PolicyTask>& tasks, absl::Time now,
                 PolicyPlan& plan) {
  std::vector<const PolicyTask*> ended;  // oldest first
  for (const PolicyTask& task : tasks) {
    if (model::IsTerminal(task.task.phase) &&
        !kube::IsBeingDeleted(*task.object)) {
      ended.push_back(&task);
    }
  }
  if (ended.empty()) return;
  ended.pop_back();  // what is known now
  const auto keep = static_cast<size_t>(policy.history_limit) - 1;
  const size_t beyond = ended.size() > keep ? ended.size() - keep : 0;
  for (size_t i = 0; i < ended.size(); ++i) {
    const api::ScanTask& task = ended[i]->task;
    const absl::Time expiry =
        std::max(task.created, task.completion) + policy.retention;
    if (i < beyond || expiry <= now) {
      plan.remove.push_back(ended[i]->object);
    } else {
      plan.expiry = std::min(plan.expiry, expiry);
    }
  }
}

void PlanDue(const api::ScanPolicy& policy, absl::Time due, absl::Time now,
             const std::vector<PolicyTask>& tasks, PolicyPlan& plan) {
  if (now > due + policy.starting_deadline) {
    plan.missed = due;
    return;
  }
  for (const PolicyTask& task : tasks) {
    if (model::IsTerminal(task.task.phase)) continue;
    if (!policy.replace) {
      plan.waits = true;
      return;
    }
    if (!task.task.cancel) plan.cancel.push_back(task.object);
  }
  plan.due = due;
}

Json StatusBefore(const Json& object) {
  Json status = Json::object();
  const Json* before = kube::Find(object, {"status"});
  if (before == nullptr || !before->is_object()) return status;
  for (const char* key :
       {"lastScheduleTime", "lastSuccessfulTime", "lastTask", "activeTask"}) {
    if (before->contains(key)) status[key] = (*before)[key];
  }
  return status;
}

int64_t CountAt(const Json& object, std::string_view field) {
  const Json* value = kube::Find(object, {"status", "images", field});
  return value != nullptr && value->is_number_integer() ? value->get<int64_t>()
                                                        : 0;
}

void PutTasks(const std::vector<PolicyTask>& tasks, Json& status) {
  status.erase("activeTask");
  for (const PolicyTask& task : tasks) {
    if (!model::IsTerminal(task.task.phase)) {
      status["activeTask"] = task.task.name;
      continue;
    }
    status["lastTask"] = {
        {"name", task.task.name},
        {"phase", std::string(api::ToString(task.task.phase))},
        {"scanned",
         CountAt(*task.object, "scanned") + CountAt(*task.object, "reused")},
        {"failed", CountAt(*task.object, "failed")}};
    if (task.task.phase == model::TaskPhase::kSucceeded &&
        task.task.completion != absl::InfinitePast()) {
      status["lastSuccessfulTime"] = kube::TimeText(task.task.completion);
    }
  }
}

void PutConditions(const api::ScanPolicy& policy, const PolicyPlan& plan,
                   api::Conditions& conditions) {
  const std::vector<std::string> missing =
      api::ItemsNotImplemented(policy.items);
  if (missing.empty()) {
    conditions.Set(api::kItemsAvailable, ConditionStatus::kTrue,
                   reason::kAllItemsRun, "All of spec.items are looked for.");
  } else {
    conditions.Set(api::kItemsAvailable, ConditionStatus::kFalse,
                   reason::kNotImplemented,
                   base::StrCat("Not looked for, since not built yet: ",
                                absl::StrJoin(missing, ", ")));
  }
  if (!plan.problem.empty()) {
    conditions.SetStalled(plan.problem, plan.message);
  } else if (policy.suspend) {
    conditions.SetNotReady(reason::kSuspended,
                           "spec.suspend: no scan is started.");
  } else if (policy.schedule.empty()) {
    conditions.SetReady(reason::kManual,
                        "Scans are started by hand: there is no schedule.");
  } else if (plan.waits) {
    conditions.SetReady(reason::kWaitingForActiveTask,
                        "A scan is due; it waits for the one that runs.");
  } else {
    conditions.SetReady(reason::kScheduled, "Scans are started on schedule.");
  }
}

absl::Time LastScheduleOf(const Json& object) {
  return kube::TimeFromText(
             kube::StringAt(object, {"status", "lastScheduleTime"}))
      .value_or(absl::InfinitePast());
}

}  // namespace

PolicyPlan PlanPolicy(const api::ScanPolicy& policy, absl::Time last_schedule,
                      const std::vector<kube::ObjectPtr>& objects,
                      absl::Time now) {
  PolicyPlan plan;
  const std::vector<PolicyTask> tasks = ParseTasks(objects);
  PlanHistory(policy, tasks, now, plan);
  if (RefuseNotImplemented(policy, plan) || policy.schedule.empty()) {
    return plan;
  }
  const std::optional<Cron> cron = ParseSchedule(policy, plan);
  if (!cron || policy.suspend) return plan;
  plan.next = cron->Next(now);
  const absl::Time since = std::max(policy.created, last_schedule);
  const absl::Time due = cron->Last(since, now);
  if (due != absl::InfinitePast()) PlanDue(policy, due, now, tasks, plan);
  return plan;
}

ScanPolicyReconciler::ScanPolicyReconciler(const Context* context)
    : context_(*context), writer_(context, &api::kScanPolicies) {}

absl::StatusOr<absl::Time> ScanPolicyReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object = context_.cache->Get(api::kScanPolicies, key);
  if (object == nullptr || kube::IsBeingDeleted(*object)) {
    return absl::InfiniteFuture();
  }
  const absl::Time now = context_.clock->Now();
  api::Conditions conditions(*object, now);
  Json status = StatusBefore(*object);
  const auto policy = api::ScanPolicy::Parse(*object);
  if (!policy.ok()) {
    conditions.SetStalled(reason::kInvalidSpec,
                          std::string(policy.status().message()));
    status["conditions"] = conditions.ToJson();
    return writer_.Write(*object, std::move(status));
  }
  std::vector<kube::ObjectPtr> tasks =
      context_.cache->List(api::kScanTasks, key.ns);
  std::erase_if(tasks, [&](const kube::ObjectPtr& task) {
    return !IsMadeByPolicy(*task, policy->uid);
  });
  const PolicyPlan plan =
      PlanPolicy(*policy, LastScheduleOf(*object), tasks, now);
  LANDWAITER_RETURN_IF_ERROR(Act(*object, *policy, plan));

  PutTasks(ParseTasks(tasks), status);
  for (const absl::Time time : {plan.due, plan.missed}) {
    if (time != absl::InfinitePast()) {
      status["lastScheduleTime"] = kube::TimeText(time);
    }
  }
  if (plan.next != absl::InfiniteFuture()) {
    status["nextScheduleTime"] = kube::TimeText(plan.next);
  }
  PutConditions(*policy, plan, conditions);
  status["conditions"] = conditions.ToJson();
  LANDWAITER_ASSIGN_OR_RETURN(const absl::Time again,
                              writer_.Write(*object, std::move(status)));
  return std::min({again, plan.next, plan.expiry});
}

absl::Status ScanPolicyReconciler::Act(const Json& object,
                                       const api::ScanPolicy& policy,
                                       const PolicyPlan& plan) {
  for (const kube::ObjectPtr& task : plan.remove) {
    const absl::Status deleted = context_.kube->Delete(
        api::kScanTasks, kube::KeyOf(*task), {.uid = kube::UidOf(*task)});
    if (!deleted.ok() && !absl::IsNotFound(deleted)) return deleted;
  }
  for (const kube::ObjectPtr& task : plan.cancel) {
    LANDWAITER_RETURN_IF_ERROR(context_.kube
                                   ->Patch(api::kScanTasks, kube::KeyOf(*task),
                                           {{"spec", {{"cancel", true}}}}, {})
                                   .status());
    context_.events->Event(
        object, kube::EventType::kNormal, reason::kTaskReplaced, "Schedule",
        base::StrCat("Cancelled ScanTask ", kube::NameOf(*task)));
  }
  if (plan.missed != absl::InfinitePast()) {
    context_.events->Event(
        object, kube::EventType::kWarning, reason::kScheduleMissed, "Schedule",
        base::StrCat("Missed the scan of ", kube::TimeText(plan.missed),
                     ": it is past startingDeadlineSeconds"));
  }
  if (plan.due == absl::InfinitePast()) return absl::OkStatus();
  return CreateTask(
      context_, object,
      TaskOfPolicy({TaskName(policy.name, "scan",
                             base::StrCat(absl::ToUnixSeconds(plan.due) / 60)),
                    "ImageScan", kTriggerSchedule},
                   object));
}

}  // namespace landwaiter::reconcile
