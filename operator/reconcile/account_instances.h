#ifndef LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_INSTANCES_H_
#define LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_INSTANCES_H_

#include <string>
#include <vector>

#include "operator/api/registry_account.h"
#include "operator/jobs/discover_result.h"
#include "operator/kube/object.h"

namespace landwaiter::reconcile {

// Which ImageRegistries a RegistryAccount has: pure decisions.

// An instance that was found, until the account has certainly lost it.
struct KnownInstance {
  jobs::RegistryInstance instance;
  // Complete listings in a row, of its region, that did not name it.
  int missing = 0;

  // The account has lost it: two complete listings in a row say so.
  bool IsLost() const { return missing >= 2; }
};

// status.instances, there and back.
std::vector<KnownInstance> KnownFromStatus(const kube::Json& object);
kube::Json KnownToJson(const std::vector<KnownInstance>& known);

// No account has more here; what is past that is left out.
inline constexpr size_t kMaxInstances = 100;

// After a complete listing of `regions`. What is not in these regions is left
// as it is. Returns how many instances there was no room for.
int TakeListing(const std::vector<jobs::RegistryInstance>& found,
                const std::vector<std::string>& regions,
                std::vector<KnownInstance>& known);
// After a listing of these regions that failed: nothing that was missing
// before counts any more.
void TakeFailure(const std::vector<std::string>& regions,
                 std::vector<KnownInstance>& known);

// Name of the ImageRegistry of an instance: a valid one, for any id.
std::string InstanceRegistryName(const api::RegistryAccount& account,
                                 const jobs::RegistryInstance& instance);
// The ImageRegistry as it is created, owned by the account. `account_object` is
// the RegistryAccount's.
kube::Json InstanceRegistry(const api::RegistryAccount& account,
                            const kube::Json& account_object,
                            const jobs::RegistryInstance& instance);
// A merge patch with what the account decides of an ImageRegistry that is
// there; the rest of it (suspend, say) is its users'.
kube::Json InstancePatch(const api::RegistryAccount& account,
                         const jobs::RegistryInstance& instance);
// Whether the patch would change the object.
bool WouldChange(const kube::Json& object, const kube::Json& patch);
// Whether it leads elsewhere than the instance is: a new one is needed.
bool LeadsElsewhere(const kube::Json& registry,
                    const jobs::RegistryInstance& instance);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_INSTANCES_H_
