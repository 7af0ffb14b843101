#ifndef LANDWAITER_OPERATOR_RECONCILE_REGISTRY_CONNECTION_H_
#define LANDWAITER_OPERATOR_RECONCILE_REGISTRY_CONNECTION_H_

#include <string>

#include "absl/status/status.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/registry_draft.h"

namespace landwaiter::reconcile {

// Has a registry's connection tried on its repository cluster when that is due
// (verification.h), and puts what is known of it into the draft. True if the
// registry may be used now, on the word of the last try.
bool VerifyConnection(const Context& context, RegistryDraft& draft);

// Deletes the registry's verify Jobs, but for the one of this name.
absl::Status DeleteVerifyJobs(const Context& context,
                              const std::string& registry_uid,
                              const std::string& but);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_REGISTRY_CONNECTION_H_
