#ifndef LANDWAITER_OPERATOR_RECONCILE_FINALIZER_H_
#define LANDWAITER_OPERATOR_RECONCILE_FINALIZER_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

bool HasFinalizer(const kube::Json& object);

// Puts api::kFinalizer on the object, before anything is made that has to be
// cleaned up. ABORTED: `object` is old.
absl::Status AddFinalizer(const Context& context,
                          const kube::ResourceType& type,
                          const kube::Json& object);

// For an object that is being deleted: cleans up, then lets it go. If cleaning
// up fails, says when to try again; 10 minutes after the deletion was asked
// for it gives up, with an event, so that nothing is ever stuck.
absl::StatusOr<absl::Time> Finalize(const Context& context,
                                    const kube::ResourceType& type,
                                    const kube::Json& object,
                                    absl::FunctionRef<absl::Status()> clean_up);

// Takes api::kFinalizer off every object in the namespaces: for when the
// operator was removed and nobody would ever do it. What was to be cleaned up
// is left.
absl::Status ReleaseFinalizers(kube::KubeClient& client,
                               const std::vector<std::string>& namespaces);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_FINALIZER_H_
