#ifndef LANDWAITER_OPERATOR_CONNECTOR_ALLOW_LIST_H_
#define LANDWAITER_OPERATOR_CONNECTOR_ALLOW_LIST_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace landwaiter::connector {

// PERMISSION_DENIED unless the request is one that the operator needs in a
// repository cluster: Jobs, pods (reading), Secrets (creating alone, never
// reading) and NetworkPolicies of the scan namespace, its own permissions, the
// version, and the list of nodes. `target` is path and query; a path that is
// not plain (escapes, empty or dotted segments) is refused.
absl::Status CheckAllowed(std::string_view method, std::string_view target,
                          const std::string& scan_namespace);

}  // namespace landwaiter::connector

#endif  // LANDWAITER_OPERATOR_CONNECTOR_ALLOW_LIST_H_
