#include "operator/reconcile/scan_task.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/api/status.h"
#include "operator/api/text.h"
#include "operator/reconcile/finalizer.h"
#include "operator/reconcile/image_registry.h"
#include "operator/reconcile/task_factory.h"

namespace landwaiter::reconcile {
namespace {

using api::ConditionStatus;
using kube::Json;
using model::TaskPhase;
namespace reason = api::reason;

// Changes are told by the analyzer; this is for those that got lost.
constexpr absl::Duration kLookAgain = absl::Seconds(30);
// A task that never found what it refers to ends after this long.
constexpr absl::Duration kUnresolvedTimeout = absl::Hours(4);

// While it runs: neither Complete nor Failed, and under way.
void SetUnderWay(api::Conditions& conditions, std::string_view phase,
                 const std::string& message) {
  conditions.Set(api::kComplete, ConditionStatus::kFalse, phase, message);
  conditions.Set(api::kFailed, ConditionStatus::kFalse, phase, message);
  conditions.Set(api::kReconciling, ConditionStatus::kTrue, phase, message);
  conditions.Remove(api::kStalled);
}

// For ever: exactly one of Complete and Failed is True.
void SetEnded(api::Conditions& conditions, bool complete, std::string_view why,
              const std::string& message) {
  conditions.Remove(api::kReconciling);
  conditions.Set(api::kComplete,
                 complete ? ConditionStatus::kTrue : ConditionStatus::kFalse,
                 why, message);
  conditions.Set(api::kFailed,
                 complete ? ConditionStatus::kFalse : ConditionStatus::kTrue,
                 why, message);
  if (complete) {
    conditions.Remove(api::kStalled);
  } else {
    conditions.Set(api::kStalled, ConditionStatus::kTrue, why, message);
  }
}

bool IsComplete(TaskPhase phase) {
  return phase == TaskPhase::kSucceeded ||
         phase == TaskPhase::kPartiallySucceeded;
}

std::string Summary(const Json& object, const model::TaskStatus& status) {
  if (kube::StringAt(object, {"spec", "type"}) == "ImageSync") {
    if (!status.message.empty()) return status.message;
    return IsComplete(status.phase) ? "Listed." : "Not listed.";
  }
  const model::ImageCounts& images = status.images;
  return base::StrCat(images.total, " images: ", images.scanned, " scanned, ",
                      images.reused, " reused, ", images.failed, " failed, ",
                      images.skipped, " skipped, ", images.unsupported,
                      " unsupported.", status.message.empty() ? "" : " ",
                      status.message);
}

// The notes of its resolution, as the oldest lines of the log.
void PutNotes(const std::vector<std::string>& notes, absl::Time time,
              Json& status) {
  if (notes.empty() || !status.contains("startTime")) return;
  Json lines = Json::array();
  for (const std::string& note : notes) {
    lines.push_back(
        {{"time", kube::TimeText(time)}, {"message", api::Text(note, 160)}});
  }
  for (const Json& line : status.value("log", Json::array())) {
    lines.push_back(line);
  }
  while (lines.size() > 50) lines.erase(lines.size() - 1);
  status["log"] = std::move(lines);
}

}  // namespace

Json MirroredStatus(const Json& object, const model::TaskStatus& status,
                    const std::string& waiting_for, absl::Time now) {
  api::Conditions conditions(object, now);
  Json json = api::TaskStatusJson(status);
  const std::string phase = kube::StringAt(json, {"phase"});
  if (model::IsTerminal(status.phase)) {
    SetEnded(conditions, IsComplete(status.phase), phase,
             Summary(object, status));
  } else {
    SetUnderWay(conditions, phase, waiting_for);
  }
  json["conditions"] = conditions.ToJson();
  return json;
}

Json UnresolvedStatus(const Json& object, const ResolvedTask& resolved,
                      absl::Time now) {
  api::Conditions conditions(object, now);
  conditions.Set(api::kComplete, ConditionStatus::kFalse, resolved.problem,
                 resolved.message);
  conditions.Set(api::kFailed, ConditionStatus::kFalse, resolved.problem,
                 resolved.message);
  conditions.Set(api::kStalled, ConditionStatus::kTrue, resolved.problem,
                 resolved.message);
  conditions.Remove(api::kReconciling);
  return {{"phase", "Pending"}, {"conditions", conditions.ToJson()}};
}

Json WaitingStatus(const Json& object, const absl::Status& error,
                   absl::Time now) {
  api::Conditions conditions(object, now);
  SetUnderWay(conditions, reason::kAnalyzerUnavailable,
              std::string(error.message()));
  return {{"phase", "Pending"}, {"conditions", conditions.ToJson()}};
}

Json EndedStatus(const Json& object, TaskPhase phase, std::string_view why,
                 const std::string& message, absl::Time now) {
  api::Conditions conditions(object, now);
  SetEnded(conditions, IsComplete(phase), why, message);
  Json status = {{"phase", std::string(api::ToString(phase))},
                 {"completionTime", kube::TimeText(now)}};
  api::AppendLog(status, now, message);
  status["conditions"] = conditions.ToJson();
  return status;
}

ScanTaskReconciler::ScanTaskReconciler(const Context* context)
    : context_(*context), writer_(context, &api::kScanTasks) {}

absl::StatusOr<absl::Time> ScanTaskReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object = context_.cache->Get(api::kScanTasks, key);
  if (object == nullptr) return absl::InfiniteFuture();
  if (kube::IsBeingDeleted(*object)) {
    return Finalize(context_, api::kScanTasks, *object,
                    [&] { return CleanUp(*object); });
  }
  const auto task = api::ScanTask::Parse(*object);
  if (!task.ok()) {
    return writer_.Write(
        *object, EndedStatus(*object, TaskPhase::kFailed, reason::kInvalidSpec,
                             std::string(task.status().message()),
                             context_.clock->Now()));
  }
  if (model::IsTerminal(task->phase)) return ReconcileEnded(*object, *task);
  if (!HasFinalizer(*object)) {
    LANDWAITER_RETURN_IF_ERROR(
        AddFinalizer(context_, api::kScanTasks, *object));
    return absl::InfiniteFuture();  // its own update comes back here
  }
  return ReconcileLive(*object, *task);
}

absl::StatusOr<absl::Time> ScanTaskReconciler::ReconcileEnded(
    const Json& object, const api::ScanTask& task) {
  // The policy's retention and historyLimit decide about its tasks.
  if (IsMadeByPolicy(object, "")) return absl::InfiniteFuture();
  const absl::Time until = task.completion + task.ttl;
  if (context_.clock->Now() < until) return until;
  const absl::Status deleted = context_.kube->Delete(
      api::kScanTasks, {task.ns, task.name}, {.uid = kube::UidOf(object)});
  if (!deleted.ok() && !absl::IsNotFound(deleted)) return deleted;
  return absl::InfiniteFuture();
}

absl::StatusOr<absl::Time> ScanTaskReconciler::ReconcileLive(
    const Json& object, const api::ScanTask& task) {
  const model::Tenant tenant = TenantOf(*context_.settings, task.ns);
  if (task.cancel) {
    const absl::Status cancelled =
        context_.analyzer->CancelTask(tenant, task.uid);
    if (absl::IsNotFound(cancelled)) {
      return writer_.Write(
          object,
          EndedStatus(object, TaskPhase::kCancelled, reason::kCancelled,
                      "Cancelled before it began.", context_.clock->Now()));
    }
    LANDWAITER_RETURN_IF_ERROR(cancelled);
  }
  // Only what was begun can have got past Pending; of what has not, there is
  // no need to ask.
  if (task.cancel || kube::Find(object, {"status", "startTime"}) != nullptr) {
    absl::StatusOr<model::TaskStatus> status =
        context_.analyzer->GetTask(tenant, task.uid);
    if (status.ok()) return Mirror(object, task, *status);
    if (!absl::IsNotFound(status.status())) return status.status();
  }
  return Begin(object, task);
}

absl::StatusOr<absl::Time> ScanTaskReconciler::Begin(
    const Json& object, const api::ScanTask& task) {
  const absl::Time now = context_.clock->Now();
  const ResolvedTask resolved = ResolveTask(*context_.cache, task);
  if (!resolved.problem.empty()) {
    if (resolved.final) {
      return writer_.Write(
          object, EndedStatus(object, TaskPhase::kFailed, resolved.problem,
                              resolved.message, now));
    }
    const absl::Time until = task.created + kUnresolvedTimeout;
    if (now >= until) {
      return writer_.Write(
          object, EndedStatus(object, TaskPhase::kTimedOut, reason::kTimedOut,
                              resolved.message, now));
    }
    LANDWAITER_ASSIGN_OR_RETURN(
        const absl::Time again,
        writer_.Write(object, UnresolvedStatus(object, resolved, now)));
    return std::min(again, until);
  }
  const absl::StatusOr<model::TaskStatus> status = HandOver(task, resolved);
  if (!status.ok()) {
    if (IsTransient(status.status()) || absl::IsNotFound(status.status())) {
      LANDWAITER_RETURN_IF_ERROR(
          writer_.Write(object, WaitingStatus(object, status.status(), now))
              .status());
      return base::WithContext(status.status(), "handing over the task");
    }
    return writer_.Write(
        object,
        EndedStatus(object, TaskPhase::kFailed, reason::kAnalyzerRefused,
                    std::string(status.status().message()), now));
  }
  LANDWAITER_RETURN_IF_ERROR(
      context_.failpoints->Hit(base::kOperatorTaskApplied));
  return Mirror(object, task, *status);
}

absl::StatusOr<model::TaskStatus> ScanTaskReconciler::HandOver(
    const api::ScanTask& task, const ResolvedTask& resolved) {
  const model::Tenant tenant = TenantOf(*context_.settings, task.ns);
  for (const api::ImageRegistry& registry : resolved.registries) {
    LANDWAITER_RETURN_IF_ERROR(
        context_.analyzer->ApplyRegistry(tenant, SpecForAnalyzer(registry)));
  }
  return context_.analyzer->ApplyTask(tenant, resolved.spec);
}

absl::StatusOr<absl::Time> ScanTaskReconciler::Mirror(
    const Json& object, const api::ScanTask& task,
    const model::TaskStatus& status) {
  const bool ended = model::IsTerminal(status.phase);
  const ResolvedTask resolved = ResolveTask(*context_.cache, task);
  Json json = MirroredStatus(object, status, ended ? "" : WaitingFor(resolved),
                             context_.clock->Now());
  PutNotes(resolved.notes, task.created, json);
  LANDWAITER_ASSIGN_OR_RETURN(const absl::Time again,
                              writer_.Write(object, std::move(json)));
  return std::min(again, ended ? absl::InfiniteFuture()
                               : context_.clock->Now() + kLookAgain);
}

std::string ScanTaskReconciler::WaitingFor(const ResolvedTask& resolved) {
  std::vector<std::string> waiting;
  for (const api::ImageRegistry& registry : resolved.registries) {
    const kube::ObjectPtr object = context_.cache->Get(
        api::kImageRegistries, {registry.ns, registry.name});
    if (object != nullptr && !api::HasTrueCondition(*object, api::kReady)) {
      waiting.push_back(
          base::StrCat(registry.name, " (",
                       api::ReasonOfCondition(*object, api::kReady), ")"));
    }
  }
  if (waiting.empty()) return "";
  return base::StrCat("Waiting for ImageRegistry ",
                      absl::StrJoin(waiting, ", "));
}

absl::Status ScanTaskReconciler::CleanUp(const Json& object) {
  const absl::Status deleted = context_.analyzer->DeleteTask(
      TenantOf(*context_.settings, kube::NamespaceOf(object)),
      kube::UidOf(object));
  return absl::IsNotFound(deleted) ? absl::OkStatus() : deleted;
}

}  // namespace landwaiter::reconcile
