#include "analyzer/queue/availability.h"

#include <algorithm>
#include <limits>

#include "core/base/failure.h"

namespace landwaiter::analyzer::queue {

absl::StatusOr<Budget> ReadBudget(Step& step,
                                  const store::RegistryRow& registry) {
  const absl::Duration window = step.options.budget_window;
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::vector<absl::Time> charges,
      step.txn.registries().Charges(registry.id, step.now - window));
  Budget budget{.used = static_cast<uint32_t>(charges.size())};
  const uint32_t limit = registry.spec.images_per_hour;
  if (limit == 0) {
    budget.left = std::numeric_limits<uint64_t>::max();
  } else if (budget.used < limit) {
    budget.left = limit - budget.used;
  } else {
    // The charge whose passing leaves limit - 1 of them.
    budget.next = charges[budget.used - limit] + window;
  }
  return budget;
}

absl::StatusOr<Availability> ReadAvailability(
    Step& step, const store::RegistryRow& registry) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::TaskLoad> loads,
                              step.txn.items().Loads(registry.id, step.now));
  LANDWAITER_ASSIGN_OR_RETURN(const Budget budget, ReadBudget(step, registry));
  Availability result;
  uint64_t scans = 0;
  for (const store::TaskLoad& load : loads) {
    const uint64_t capacity =
        load.parallelism -
        std::min<uint64_t>(load.parallelism, load.leased_in_task);
    const uint64_t listings = std::min(load.ready_listings, capacity);
    result.ready += listings;
    scans += std::min(load.ready_scans, capacity - listings);
    result.leased += load.leased;
    result.next = std::min({result.next, load.next_ready, load.next_expiry});
  }
  if (scans > budget.left) result.next = std::min(result.next, budget.next);
  result.ready += std::min(scans, budget.left);
  if (registry.paused_until > step.now && !loads.empty()) {
    result.ready = 0;
    result.next =
        std::max(registry.paused_until, result.next == absl::InfiniteFuture()
                                            ? absl::InfinitePast()
                                            : result.next);
  }
  return result;
}

}  // namespace landwaiter::analyzer::queue
