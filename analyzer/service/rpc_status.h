#ifndef LANDWAITER_ANALYZER_SERVICE_RPC_STATUS_H_
#define LANDWAITER_ANALYZER_SERVICE_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace landwaiter::analyzer::service {

// The same on the wire (core/wire/rpc_status.h). Messages are for the caller by
// contract; those of the store are replaced, since they tell of its files.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_RPC_STATUS_H_
