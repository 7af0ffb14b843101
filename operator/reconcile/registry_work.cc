#include "operator/reconcile/registry_work.h"

#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "operator/api/names.h"
#include "operator/api/reasons.h"
#include "operator/reconcile/registry_sync.h"
#include "operator/reconcile/task_factory.h"
#include "operator/reconcile/verification.h"

namespace landwaiter::reconcile {
namespace {

using api::ConditionStatus;
namespace reason = api::reason;

void HandleRequest(const Context& context, RegistryDraft& draft,
                   const std::string& request, const char* handled,
                   const std::string& type, std::string_view what) {
  if (request.empty() ||
      kube::StringAt(draft.status, {"handled", handled}) == request) {
    return;
  }
  const std::string suffix =
      base::Sha256Hex(base::StrCat(draft.registry.uid, "/", request))
          .substr(0, 8);
  const absl::Status created =
      CreateTask(context, draft.object,
                 TaskOfRegistry({TaskName(draft.registry.name, what, suffix),
                                 type, kTriggerAnnotation},
                                draft.registry));
  if (created.ok()) draft.status["handled"][handled] = request;
  draft.Fail(created);
}

}  // namespace

bool StartRegistryWork(const Context& context, RegistryDraft& draft) {
  const api::ImageRegistry& registry = draft.registry;
  const absl::StatusOr<model::RegistryStatus> known =
      context.analyzer->GetRegistry(TenantOf(*context.settings, registry.ns),
                                    registry.uid);
  if (!known.ok()) {
    draft.conditions.Set(api::kSynced, ConditionStatus::kUnknown,
                         reason::kAnalyzerUnavailable,
                         std::string(known.status().message()));
    draft.Fail(base::WithContext(known.status(), "asking the analyzer"));
    return !absl::IsNotFound(known.status());
  }
  PutRegistryStatus(*known, registry.images_per_hour, draft.status);
  PutSynced(known->last_sync, registry.sync_interval, draft.now,
            draft.conditions);
  const std::vector<kube::ObjectPtr> tasks = TasksOf(context, registry);
  PutSyncProgress(tasks, draft.status);
  // Registries that cannot be used do not come here.
  const absl::Time connected =
      Verification::FromStatus({{"status", draft.status}}).time;
  const SyncPlan plan =
      PlanSync(registry, known->last_sync, connected, tasks, draft.now);
  draft.status["nextSyncTime"] = kube::TimeText(plan.next);
  if (plan.start) {
    draft.Fail(
        CreateTask(context, draft.object,
                   TaskOfRegistry({plan.name, "ImageSync", kTriggerInterval,
                                   registry.sync_interval + absl::Hours(1)},
                                  registry)));
  } else if (plan.next > draft.now) {
    draft.ComeBack(plan.next);
  }
  HandleRequest(context, draft, registry.sync_request, "sync", "ImageSync",
                "sync");
  HandleRequest(context, draft, registry.scan_request, "scan", "ImageScan",
                "scan");
  return true;
}

}  // namespace landwaiter::reconcile
