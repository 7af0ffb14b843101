#include <algorithm>
#include <tuple>
#include <utility>

#include "analyzer/queue/availability.h"
#include "analyzer/queue/explicit_images.h"
#include "analyzer/queue/lease_check.h"
#include "analyzer/queue/progress.h"
#include "analyzer/queue/sweep.h"
#include "analyzer/queue/work_queue.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

// WorkQueue: who gets what, and for how long.
namespace landwaiter::analyzer::queue {
namespace {

using model::WorkKind;
using store::ItemRow;
using store::RegistryRow;

constexpr uint32_t kMaxItems = 16;
constexpr size_t kMaxHeartbeats = 64;

// What the asking agent can be handed.
struct Ability {
  bool listings = true;
  bool scans = true;
};

Ability AbilityOf(const LeaseRequest& request) {
  const auto has = [&](WorkKind kind) {
    return request.kinds.empty() ||
           std::ranges::find(request.kinds, kind) != request.kinds.end();
  };
  return {
      .listings = has(WorkKind::kListRepositories) && has(WorkKind::kListTags),
      .scans = has(WorkKind::kScanImage) &&
               request.report_version == model::kLayerReportVersion};
}

// The first item of all the registry's tasks: interactive before periodic,
// listings before scans, never scanned before the oldest scan.
absl::StatusOr<std::optional<ItemRow>> Pick(Step& step,
                                            const RegistryRow& registry,
                                            Ability ability) {
  if (registry.paused_until > step.now) return std::nullopt;
  LANDWAITER_ASSIGN_OR_RETURN(const Budget budget, ReadBudget(step, registry));
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::TaskLoad> loads,
                              step.txn.items().Loads(registry.id, step.now));
  const bool scans = ability.scans && budget.left > 0;
  std::optional<ItemRow> best;
  bool best_interactive = false;
  for (const store::TaskLoad& load : loads) {
    if (load.leased_in_task >= load.parallelism) continue;
    if (best && best_interactive && !load.interactive) break;
    LANDWAITER_ASSIGN_OR_RETURN(
        std::optional<ItemRow> head,
        step.txn.items().Head(load.task, registry.id, ability.listings, scans,
                              step.now));
    if (!head) continue;
    if (!best ||
        std::tie(head->rank, head->id) < std::tie(best->rank, best->id)) {
      best = std::move(head);
      best_interactive = load.interactive;
    }
  }
  return best;
}

// Whether another task has scanned the image meanwhile: then the item is done
// without an agent.
absl::StatusOr<bool> ReuseIfScanned(Step& step, store::TaskRow& task,
                                    ItemRow& item) {
  if (item.kind != WorkKind::kScanImage) return false;
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<store::ImageRow> image,
      step.txn.images().Find({item.registry, item.repository, item.digest}));
  if (!image || !IsFresh(*image, task)) return false;
  ++task.status.images.reused;
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<model::Finding> findings,
                              step.txn.images().Findings(image->id, 10));
  LANDWAITER_RETURN_IF_ERROR(
      CountImage(step, task, *image, item.reference, findings));
  LANDWAITER_RETURN_IF_ERROR(FinishItem(step, task, item));
  return true;
}

absl::StatusOr<model::WorkItem> Grant(Step& step, store::TaskRow& task,
                                      ItemRow& item,
                                      const model::AgentIdentity& identity) {
  item.state = store::ItemState::kLeased;
  ++item.attempt;
  LANDWAITER_ASSIGN_OR_RETURN(item.fence, step.txn.NextSequence());
  item.holder = identity.token_id;
  item.lease_until = step.now + step.options.lease;
  const bool scan = item.kind == WorkKind::kScanImage;
  if (!scan && item.listing_since == 0) item.listing_since = item.fence;
  LANDWAITER_RETURN_IF_ERROR(step.txn.items().Update(item));
  if (scan) {
    LANDWAITER_RETURN_IF_ERROR(
        step.txn.registries().AddCharge(item.registry, step.now));
  }
  if (task.status.phase == model::TaskPhase::kPending) {
    task.status.phase = model::TaskPhase::kDiscovering;
    LANDWAITER_RETURN_IF_ERROR(step.txn.tasks().Update(task));
    step.TaskChanged(task);
  }
  return model::WorkItem{.id = base::StrCat(item.id),
                         .fence = {step.epoch, item.fence},
                         .kind = item.kind,
                         .repository = item.repository,
                         .digest = item.digest,
                         .cursor = item.cursor,
                         .attempt = item.attempt,
                         .deadline = task.status.deadline,
                         .lease = step.options.lease};
}

absl::Status LeaseItems(Step& step, const model::AgentIdentity& identity,
                        const LeaseRequest& request, model::LeaseReply& reply) {
  LANDWAITER_RETURN_IF_ERROR(Sweep(step));
  LANDWAITER_ASSIGN_OR_RETURN(const RegistryRow registry,
                              CheckIdentity(step, identity));
  const uint32_t wanted = std::clamp(request.max_items, 1u, kMaxItems);
  while (reply.items.size() < wanted) {
    LANDWAITER_ASSIGN_OR_RETURN(std::optional<ItemRow> item,
                                Pick(step, registry, AbilityOf(request)));
    if (!item) break;
    LANDWAITER_ASSIGN_OR_RETURN(store::TaskRow task,
                                step.txn.tasks().Get(item->task));
    LANDWAITER_ASSIGN_OR_RETURN(const bool reused,
                                ReuseIfScanned(step, task, *item));
    if (reused) continue;
    LANDWAITER_ASSIGN_OR_RETURN(model::WorkItem granted,
                                Grant(step, task, *item, identity));
    reply.items.push_back(std::move(granted));
  }
  if (!reply.items.empty()) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(const Availability availability,
                              ReadAvailability(step, registry));
  reply.next_available = availability.next;
  return absl::OkStatus();
}

absl::Status Prolong(Step& step, const model::AgentIdentity& identity,
                     const std::vector<model::LeaseRef>& leases,
                     model::HeartbeatReply& reply) {
  LANDWAITER_RETURN_IF_ERROR(Sweep(step));
  LANDWAITER_RETURN_IF_ERROR(CheckIdentity(step, identity).status());
  for (const model::LeaseRef& lease : leases) {
    absl::StatusOr<ItemRow> item = CheckLease(step, identity, lease);
    if (!item.ok()) {
      if (absl::IsUnavailable(item.status()) ||
          absl::IsInternal(item.status()) || absl::IsDataLoss(item.status())) {
        return item.status();
      }
      reply.lost.push_back(lease.item_id);
      continue;
    }
    item->lease_until = step.now + step.options.lease;
    LANDWAITER_RETURN_IF_ERROR(step.txn.items().Update(*item));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WorkQueue::Authorize(const model::AgentIdentity& identity) {
  return environment_.store.Read([&](store::Transaction& txn) {
    Step step{.txn = txn,
              .now = environment_.clock.Now(),
              .epoch = environment_.store.epoch(),
              .options = environment_.options};
    return CheckIdentity(step, identity).status();
  });
}

absl::Status WorkQueue::CheckLeased(const model::AgentIdentity& identity,
                                    const model::LeaseRef& lease) {
  return environment_.store.Read([&](store::Transaction& txn) {
    Step step{.txn = txn,
              .now = environment_.clock.Now(),
              .epoch = environment_.store.epoch(),
              .options = environment_.options};
    return CheckLease(step, identity, lease).status();
  });
}

absl::StatusOr<model::LeaseReply> WorkQueue::Lease(
    const model::AgentIdentity& identity, const LeaseRequest& request) {
  model::LeaseReply reply;
  LANDWAITER_RETURN_IF_ERROR(Commit(
      environment_, store::Durability::kPowerLoss,
      [&](Step& step) { return LeaseItems(step, identity, request, reply); }));
  return reply;
}

absl::StatusOr<model::HeartbeatReply> WorkQueue::Heartbeat(
    const model::AgentIdentity& identity,
    const std::vector<model::LeaseRef>& leases) {
  if (leases.size() > kMaxHeartbeats) {
    return absl::InvalidArgumentError("leases: more than 64");
  }
  model::HeartbeatReply reply;
  // A heartbeat that a power loss undoes costs at most its lease.
  LANDWAITER_RETURN_IF_ERROR(Commit(
      environment_, store::Durability::kCrash,
      [&](Step& step) { return Prolong(step, identity, leases, reply); }));
  return reply;
}

}  // namespace landwaiter::analyzer::queue
