#ifndef LANDWAITER_OPERATOR_RECONCILE_OWNER_H_
#define LANDWAITER_OPERATOR_RECONCILE_OWNER_H_

#include <string_view>

#include "operator/kube/object.h"

namespace landwaiter::reconcile {

// The owner of this kind; its name is empty if the object has none.
kube::ObjectKey OwnerKey(const kube::Json& object, std::string_view kind);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_OWNER_H_
