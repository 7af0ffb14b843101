#include "analyzer/queue/lease_check.h"

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::queue {
namespace {

absl::Status Stale() {
  return absl::AbortedError(
      "the lease is no longer the caller's: it ran out, was taken over, or "
      "its work has ended");
}

// The item that the lease names, whoever has it.
absl::StatusOr<store::ItemRow> FindItem(Step& step,
                                        const model::AgentIdentity& identity,
                                        const model::LeaseRef& lease) {
  LANDWAITER_ASSIGN_OR_RETURN(const store::RegistryRow registry,
                              CheckIdentity(step, identity));
  const std::optional<int64_t> id = base::ParseInt64(lease.item_id);
  if (!id) return absl::InvalidArgumentError("item_id: not one of ours");
  LANDWAITER_ASSIGN_OR_RETURN(std::optional<store::ItemRow> item,
                              step.txn.items().Find(*id));
  if (!item) return Stale();
  if (item->registry != registry.id) {
    return absl::PermissionDeniedError(
        "the item is not one of the token's registry");
  }
  return *std::move(item);
}

bool IsPresent(const Step& step, const store::ItemRow& item,
               const model::LeaseRef& lease) {
  return item.state == store::ItemState::kLeased &&
         lease.fence.epoch == step.epoch && lease.fence.counter == item.fence &&
         item.lease_until > step.now;
}

}  // namespace

absl::StatusOr<store::RegistryRow> CheckIdentity(
    Step& step, const model::AgentIdentity& identity) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<store::RegistryRow> registry,
      step.txn.registries().Find(identity.tenant, identity.registry_uid));
  if (!registry) {
    return absl::UnauthenticatedError("the token's registry is gone");
  }
  if (registry->idle_since + step.options.token_grace < step.now) {
    return absl::UnauthenticatedError("the token's work has ended");
  }
  return *registry;
}

absl::StatusOr<store::ItemRow> CheckLease(Step& step,
                                          const model::AgentIdentity& identity,
                                          const model::LeaseRef& lease) {
  LANDWAITER_ASSIGN_OR_RETURN(store::ItemRow item,
                              FindItem(step, identity, lease));
  if (!IsPresent(step, item, lease)) return Stale();
  return item;
}

absl::StatusOr<std::optional<store::ItemRow>> CheckCompletion(
    Step& step, const model::AgentIdentity& identity,
    const model::LeaseRef& lease) {
  LANDWAITER_ASSIGN_OR_RETURN(store::ItemRow item,
                              FindItem(step, identity, lease));
  if (lease.fence.epoch == step.epoch && lease.fence.counter != 0 &&
      lease.fence.counter == item.completed_fence) {
    // Skipped items are closed by the queue, not by their lease.
    if (item.state == store::ItemState::kSkipped) return Stale();
    return std::nullopt;
  }
  if (!IsPresent(step, item, lease)) return Stale();
  return item;
}

absl::Status CheckKind(const store::ItemRow& item, model::WorkKind kind) {
  if (item.kind == kind) return absl::OkStatus();
  return absl::InvalidArgumentError("the item is of another kind");
}

}  // namespace landwaiter::analyzer::queue
