#ifndef LANDWAITER_CORE_WIRE_RPC_STATUS_H_
#define LANDWAITER_CORE_WIRE_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace landwaiter::wire {

// A status on its way through gRPC: canonical code, message, and, if it
// carries one, our failure code with cause and Retry-After (error.proto).

// Messages longer than 2,000 bytes are cut, since trailers are bounded.
grpc::Status ToGrpc(const absl::Status& status);

// Details that are absent, damaged, too long, contradict the call's status, or
// name a code that is unknown here (a newer peer's) leave the canonical code to
// speak.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace landwaiter::wire

#endif  // LANDWAITER_CORE_WIRE_RPC_STATUS_H_
