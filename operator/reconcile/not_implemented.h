#ifndef LANDWAITER_OPERATOR_RECONCILE_NOT_IMPLEMENTED_H_
#define LANDWAITER_OPERATOR_RECONCILE_NOT_IMPLEMENTED_H_

#include <string>

#include "operator/reconcile/context.h"
#include "operator/reconcile/status_writer.h"

namespace landwaiter::reconcile {

// For kinds whose schema is there but whose behaviour is not built yet: says so
// in their status, so that nobody takes silence for effect.
class NotImplementedReconciler : public Reconciler {
 public:
  // `type` outlives it. `what` completes "... is not built yet".
  NotImplementedReconciler(const Context* context,
                           const kube::ResourceType* type, std::string what);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

 private:
  const Context& context_;
  const kube::ResourceType& type_;
  const std::string what_;
  StatusWriter writer_;
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_NOT_IMPLEMENTED_H_
