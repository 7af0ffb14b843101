#ifndef LANDWAITER_OPERATOR_RECONCILE_REGISTRY_WORK_H_
#define LANDWAITER_OPERATOR_RECONCILE_REGISTRY_WORK_H_

#include "operator/reconcile/context.h"
#include "operator/reconcile/registry_draft.h"

namespace landwaiter::reconcile {

// For a registry that may be used: puts what the analyzer knows of it into the
// draft, and makes the ScanTasks that are due by its interval or asked for by
// an annotation. False if the analyzer does not know the registry and has to be
// told of it again.
bool StartRegistryWork(const Context& context, RegistryDraft& draft);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_REGISTRY_WORK_H_
