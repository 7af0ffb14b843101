#include "analyzer/service/rpc_status.h"

#include "core/base/strings.h"
#include "core/wire/rpc_status.h"

namespace landwaiter::analyzer::service {
namespace {

constexpr char kStorePrefix[] = "store: ";

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (!base::ToStd(status.message()).starts_with(kStorePrefix))
    return wire::ToGrpc(status);
  return wire::ToGrpc(
      absl::Status(status.code(), "the analyzer's store failed; see its log"));
}

}  // namespace landwaiter::analyzer::service
