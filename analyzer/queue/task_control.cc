#include "analyzer/queue/task_control.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "analyzer/queue/availability.h"
#include "analyzer/queue/discovery.h"
#include "analyzer/queue/explicit_images.h"
#include "analyzer/queue/progress.h"
#include "analyzer/queue/sweep.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::queue {
namespace {

using base::StrCat;
using store::RegistryRow;
using store::TaskRow;

constexpr size_t kStatusFailures = 20;
constexpr size_t kStatusLog = 50;
constexpr uint32_t kMaxPage = 1000;
constexpr size_t kMaxImages = 1000;
constexpr absl::Duration kMaxTimeout = absl::Hours(24 * 7);
// A layer that no image has any more is likely to be in the next one.
constexpr absl::Duration kUnusedLayersKept = absl::Hours(24 * 7);

absl::StatusOr<RegistryRow> FindRegistry(Step& step,
                                         const model::Tenant& tenant,
                                         const std::string& uid) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<RegistryRow> row,
                              step.txn.registries().Find(tenant, uid));
  if (!row) {
    return absl::NotFoundError(StrCat("registry ", uid, " is not known"));
  }
  return *row;
}

absl::StatusOr<TaskRow> FindTask(Step& step, const model::Tenant& tenant,
                                 const std::string& uid) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<TaskRow> row,
                              step.txn.tasks().Find(tenant, uid));
  if (!row) return absl::NotFoundError(StrCat("task ", uid, " is not known"));
  return *row;
}

absl::StatusOr<model::TaskStatus> StatusOf(Step& step, const TaskRow& task) {
  model::TaskStatus status = task.status;
  LANDWAITER_ASSIGN_OR_RETURN(
      status.failures, step.txn.tasks().Failures(task.id, kStatusFailures,
                                                 status.failures_omitted));
  LANDWAITER_ASSIGN_OR_RETURN(status.log,
                              step.txn.tasks().Log(task.id, kStatusLog));
  return status;
}

absl::Status CheckSpec(const model::TaskSpec& spec) {
  if (spec.uid.empty()) return absl::InvalidArgumentError("uid: is empty");
  if (spec.type != model::TaskType::kImageSync &&
      spec.type != model::TaskType::kImageScan) {
    return absl::UnimplementedError("tasks of this type are not built yet");
  }
  if (spec.registries.empty()) {
    return absl::InvalidArgumentError("registries: there is none");
  }
  if (spec.scope.images.size() > kMaxImages) {
    return absl::InvalidArgumentError("images: more than 1000");
  }
  if (spec.timeout <= absl::ZeroDuration() || spec.timeout > kMaxTimeout) {
    return absl::InvalidArgumentError("timeout: must be in (0, 168h]");
  }
  return absl::OkStatus();
}

absl::Status Start(Step& step, const model::Tenant& tenant,
                   const model::TaskSpec& spec) {
  std::vector<store::RowId> ids;
  std::vector<RegistryRow> registries;
  for (const std::string& uid : spec.registries) {
    LANDWAITER_ASSIGN_OR_RETURN(RegistryRow registry,
                                FindRegistry(step, tenant, uid));
    ids.push_back(registry.id);
    registries.push_back(std::move(registry));
  }
  // Refused now rather than failed later.
  LANDWAITER_RETURN_IF_ERROR(
      ResolveImages(spec.scope.images, registries).status());
  TaskRow task{.tenant = tenant, .spec = spec};
  task.spec.parallelism = std::max(spec.parallelism, 1u);
  task.status.phase = model::TaskPhase::kPending;
  task.status.start = step.now;
  task.status.deadline = step.now + spec.timeout;
  LANDWAITER_RETURN_IF_ERROR(step.txn.tasks().Insert(task, ids));
  return StartTask(step, task);
}

// The registry's items are skipped, its rows removed, and its tasks end when
// nothing else is left of them.
absl::Status RemoveRegistry(Step& step, const RegistryRow& registry) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::RowId> active,
                              step.txn.tasks().ActiveOf(registry.id));
  std::vector<TaskRow> tasks;
  for (const store::RowId id : active) {
    LANDWAITER_ASSIGN_OR_RETURN(TaskRow task, step.txn.tasks().Get(id));
    LANDWAITER_RETURN_IF_ERROR(SkipRegistry(step, task, registry.id));
    LANDWAITER_RETURN_IF_ERROR(
        Log(step, task, StrCat("registry ", registry.spec.name, " removed")));
    tasks.push_back(std::move(task));
  }
  LANDWAITER_RETURN_IF_ERROR(step.txn.registries().Delete(registry.id));
  step.RegistryChanged(registry);
  step.WorkChanged(registry);
  for (TaskRow& task : tasks) LANDWAITER_RETURN_IF_ERROR(Advance(step, task));
  return absl::OkStatus();
}

// The ended task goes, with the results that it alone kept.
absl::Status Forget(Step& step, const TaskRow& task) {
  LANDWAITER_RETURN_IF_ERROR(step.txn.images().ForgetOfTask(task.id));
  LANDWAITER_RETURN_IF_ERROR(step.txn.layers().ForgetUnused(
      task.tenant_id, step.now - kUnusedLayersKept));
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::RowId> registries,
                              step.txn.tasks().Registries(task.id));
  for (const store::RowId id : registries) {
    LANDWAITER_ASSIGN_OR_RETURN(const RegistryRow registry,
                                step.txn.registries().Get(id));
    step.RegistryChanged(registry);
  }
  return step.txn.tasks().Delete(task.id);
}

}  // namespace

absl::Status TaskControl::ApplyRegistry(const model::Tenant& tenant,
                                        const model::RegistrySpec& registry) {
  if (registry.uid.empty() || tenant.cluster_uid.empty() || tenant.ns.empty()) {
    return absl::InvalidArgumentError("uid and tenant must not be empty");
  }
  return Commit(environment_, store::Durability::kPowerLoss,
                [&](Step& step) -> absl::Status {
                  LANDWAITER_RETURN_IF_ERROR(
                      step.txn.registries().Put(tenant, registry).status());
                  LANDWAITER_ASSIGN_OR_RETURN(
                      const RegistryRow row,
                      FindRegistry(step, tenant, registry.uid));
                  step.WorkChanged(row);
                  return absl::OkStatus();
                });
}

absl::Status TaskControl::DeleteRegistry(const model::Tenant& tenant,
                                         const std::string& uid) {
  return Commit(environment_, store::Durability::kPowerLoss,
                [&](Step& step) -> absl::Status {
                  LANDWAITER_ASSIGN_OR_RETURN(
                      const std::optional<RegistryRow> row,
                      step.txn.registries().Find(tenant, uid));
                  if (!row) return absl::OkStatus();
                  return RemoveRegistry(step, *row);
                });
}

absl::StatusOr<model::RegistryStatus> TaskControl::GetRegistry(
    const model::Tenant& tenant, const std::string& uid) {
  model::RegistryStatus status;
  LANDWAITER_RETURN_IF_ERROR(Commit(
      environment_, store::Durability::kCrash, [&](Step& step) -> absl::Status {
        LANDWAITER_ASSIGN_OR_RETURN(const RegistryRow row,
                                    FindRegistry(step, tenant, uid));
        LANDWAITER_ASSIGN_OR_RETURN(status,
                                    step.txn.registries().Summary(row.id));
        LANDWAITER_ASSIGN_OR_RETURN(const Budget budget, ReadBudget(step, row));
        status.last_sync = row.last_sync;
        status.used_in_window = budget.used;
        status.next_available = budget.next;
        return absl::OkStatus();
      }));
  return status;
}

absl::StatusOr<model::TaskStatus> TaskControl::ApplyTask(
    const model::Tenant& tenant, const model::TaskSpec& task) {
  LANDWAITER_RETURN_IF_ERROR(CheckSpec(task));
  model::TaskStatus status;
  LANDWAITER_RETURN_IF_ERROR(Commit(
      environment_, store::Durability::kPowerLoss,
      [&](Step& step) -> absl::Status {
        LANDWAITER_RETURN_IF_ERROR(Sweep(step));
        LANDWAITER_ASSIGN_OR_RETURN(const std::optional<TaskRow> known,
                                    step.txn.tasks().Find(tenant, task.uid));
        if (!known) {
          LANDWAITER_RETURN_IF_ERROR(Start(step, tenant, task));
        }
        LANDWAITER_ASSIGN_OR_RETURN(const TaskRow row,
                                    FindTask(step, tenant, task.uid));
        LANDWAITER_ASSIGN_OR_RETURN(status, StatusOf(step, row));
        return absl::OkStatus();
      }));
  return status;
}

absl::StatusOr<model::TaskStatus> TaskControl::GetTask(
    const model::Tenant& tenant, const std::string& uid) {
  model::TaskStatus status;
  LANDWAITER_RETURN_IF_ERROR(
      Commit(environment_, store::Durability::kPowerLoss,
             [&](Step& step) -> absl::Status {
               LANDWAITER_RETURN_IF_ERROR(Sweep(step));
               LANDWAITER_ASSIGN_OR_RETURN(const TaskRow row,
                                           FindTask(step, tenant, uid));
               LANDWAITER_ASSIGN_OR_RETURN(status, StatusOf(step, row));
               return absl::OkStatus();
             }));
  return status;
}

absl::Status TaskControl::CancelTask(const model::Tenant& tenant,
                                     const std::string& uid) {
  return Commit(
      environment_, store::Durability::kPowerLoss,
      [&](Step& step) -> absl::Status {
        LANDWAITER_RETURN_IF_ERROR(Sweep(step));
        LANDWAITER_ASSIGN_OR_RETURN(TaskRow task, FindTask(step, tenant, uid));
        if (model::IsTerminal(task.status.phase)) {
          return absl::OkStatus();
        }
        return EndTask(step, task, model::TaskPhase::kCancelled, "cancelled");
      });
}

absl::Status TaskControl::DeleteTask(const model::Tenant& tenant,
                                     const std::string& uid) {
  return Commit(
      environment_, store::Durability::kPowerLoss,
      [&](Step& step) -> absl::Status {
        LANDWAITER_ASSIGN_OR_RETURN(std::optional<TaskRow> task,
                                    step.txn.tasks().Find(tenant, uid));
        if (!task) return absl::OkStatus();
        if (!model::IsTerminal(task->status.phase)) {
          LANDWAITER_RETURN_IF_ERROR(
              EndTask(step, *task, model::TaskPhase::kCancelled, "deleted"));
        }
        return Forget(step, *task);
      });
}

absl::StatusOr<std::vector<model::RegistryWork>> TaskControl::ListWork() {
  std::vector<model::RegistryWork> work;
  LANDWAITER_RETURN_IF_ERROR(Commit(
      environment_, store::Durability::kPowerLoss,
      [&](Step& step) -> absl::Status {
        LANDWAITER_RETURN_IF_ERROR(Sweep(step));
        LANDWAITER_ASSIGN_OR_RETURN(const std::vector<RegistryRow> registries,
                                    step.txn.registries().Working());
        for (const RegistryRow& registry : registries) {
          LANDWAITER_ASSIGN_OR_RETURN(const Availability availability,
                                      ReadAvailability(step, registry));
          work.push_back({.tenant = registry.tenant,
                          .registry_uid = registry.spec.uid,
                          .ready = availability.ready,
                          .leased = availability.leased,
                          .next_available = availability.next});
        }
        return absl::OkStatus();
      }));
  return work;
}

absl::StatusOr<FindingsPage> TaskControl::ListFindings(
    const model::Tenant& tenant, const FindingsQuery& query) {
  FindingsPage page{.next_page_token = query.page_token};
  const uint32_t size =
      query.page_size == 0 ? 100 : std::min(query.page_size, kMaxPage);
  LANDWAITER_RETURN_IF_ERROR(
      environment_.store.Read([&](store::Transaction& txn) -> absl::Status {
        LANDWAITER_ASSIGN_OR_RETURN(
            const std::optional<RegistryRow> row,
            txn.registries().Find(tenant, query.registry_uid));
        if (!row) return absl::NotFoundError("the registry is not known");
        LANDWAITER_ASSIGN_OR_RETURN(
            page.findings,
            txn.images().Page(row->id, query.repository, query.digest, size,
                              page.next_page_token));
        return absl::OkStatus();
      }));
  return page;
}

absl::Status TaskControl::Tick() {
  return Commit(environment_, store::Durability::kPowerLoss, Sweep);
}

}  // namespace landwaiter::analyzer::queue
