#ifndef LANDWAITER_OPERATOR_RECONCILE_REGISTRY_FACTS_H_
#define LANDWAITER_OPERATOR_RECONCILE_REGISTRY_FACTS_H_

#include "operator/reconcile/context.h"
#include "operator/reconcile/registry_draft.h"

namespace landwaiter::reconcile {

// Puts into the status what follows from the spec alone: the region, the
// RegistryAccount that manages the registry, and the commands to run by hand
// for a traffic forwarder and an uploaded scan component.
void PutRegistryFacts(const Settings& settings, RegistryDraft& draft);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_REGISTRY_FACTS_H_
