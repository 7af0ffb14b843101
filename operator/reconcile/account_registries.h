#ifndef LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_REGISTRIES_H_
#define LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_REGISTRIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "operator/api/registry_account.h"
#include "operator/reconcile/account_instances.h"
#include "operator/reconcile/context.h"

namespace landwaiter::reconcile {

struct UpheldRegistries {
  int64_t count = 0;  // that there are now
  // Instances that have no ImageRegistry, and why: for people, at most 10.
  std::vector<std::string> problems;
  absl::Status error;  // the first that may pass: try again
};

// Makes the account's ImageRegistries what the instances ask for: creates,
// adapts, restores and deletes, each with an event. Instances that are lost, or
// whose region the account no longer names, are taken off `known` once their
// ImageRegistry is gone.
UpheldRegistries UpholdRegistries(const Context& context,
                                  const api::RegistryAccount& account,
                                  const kube::Json& account_object,
                                  std::vector<KnownInstance>& known);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_ACCOUNT_REGISTRIES_H_
