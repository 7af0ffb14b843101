#include "operator/reconcile/not_implemented.h"

#include <utility>

#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/api/conditions.h"
#include "operator/api/reasons.h"

namespace landwaiter::reconcile {

NotImplementedReconciler::NotImplementedReconciler(
    const Context* context, const kube::ResourceType* type, std::string what)
    : context_(*context),
      type_(*type),
      what_(std::move(what)),
      writer_(context, type) {}

absl::StatusOr<absl::Time> NotImplementedReconciler::Reconcile(
    const kube::ObjectKey& key) {
  const kube::ObjectPtr object = context_.cache->Get(type_, key);
  if (object == nullptr || kube::IsBeingDeleted(*object)) {
    return absl::InfiniteFuture();
  }
  api::Conditions conditions(*object, context_.clock->Now());
  conditions.SetStalled(api::reason::kNotImplemented,
                        base::StrCat(what_, " is not built yet"));
  return writer_.Write(*object, {{"conditions", conditions.ToJson()}});
}

}  // namespace landwaiter::reconcile
