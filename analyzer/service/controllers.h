#ifndef LANDWAITER_ANALYZER_SERVICE_CONTROLLERS_H_
#define LANDWAITER_ANALYZER_SERVICE_CONTROLLERS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace grpc {
class ServerContext;
}

namespace landwaiter::analyzer::service {

// Whether the caller's client certificate carries one of the names: a DNS name
// among its subject alternative names, or its common name. UNAUTHENTICATED
// without a certificate, PERMISSION_DENIED with another.
absl::Status CheckController(const grpc::ServerContext& context,
                             const std::vector<std::string>& names);

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_CONTROLLERS_H_
