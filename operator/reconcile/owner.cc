#include "operator/reconcile/owner.h"

#include "nlohmann/json.hpp"

namespace landwaiter::reconcile {

using kube::Json;

kube::ObjectKey OwnerKey(const Json& object, std::string_view kind) {
  const Json* owners = kube::Find(object, {"metadata", "ownerReferences"});
  if (owners == nullptr || !owners->is_array()) return {};
  for (const Json& owner : *owners) {
    if (kube::StringAt(owner, {"kind"}) == kind) {
      return {kube::NamespaceOf(object), kube::StringAt(owner, {"name"})};
    }
  }
  return {};
}

}  // namespace landwaiter::reconcile
