#include "analyzer/service/rpc_status.h"

#include <string>

namespace landwaiter::analyzer::service {
namespace {

constexpr char kStorePrefix[] = "store: ";

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  std::string message(status.message());
  if (message.starts_with(kStorePrefix)) {
    message = "the analyzer's store failed; see its log";
  }
  return {static_cast<grpc::StatusCode>(status.code()), message};
}

}  // namespace landwaiter::analyzer::service
