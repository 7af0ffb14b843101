#ifndef LANDWAITER_ANALYZER_QUEUE_LEASE_CHECK_H_
#define LANDWAITER_ANALYZER_QUEUE_LEASE_CHECK_H_

#include "absl/status/statusor.h"
#include "analyzer/queue/environment.h"

// Who may write what: the checks before every write of an agent.
namespace landwaiter::analyzer::queue {

// The identity's registry. UNAUTHENTICATED if it is gone, or its work has
// ended more than token_grace ago.
absl::StatusOr<store::RegistryRow> CheckIdentity(
    Step& step, const model::AgentIdentity& identity);

// The leased item, if `lease` is its present lease. ABORTED if not;
// PERMISSION_DENIED if it is another registry's; UNAUTHENTICATED as above.
absl::StatusOr<store::ItemRow> CheckLease(Step& step,
                                          const model::AgentIdentity& identity,
                                          const model::LeaseRef& lease);

// As CheckLease, and nullopt when this very lease completed the item before:
// a repetition, to be answered as the first time.
absl::StatusOr<std::optional<store::ItemRow>> CheckCompletion(
    Step& step, const model::AgentIdentity& identity,
    const model::LeaseRef& lease);

// INVALID_ARGUMENT unless the item is of that kind.
absl::Status CheckKind(const store::ItemRow& item, model::WorkKind kind);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_LEASE_CHECK_H_
