#include "analyzer/service/controllers.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>

namespace landwaiter::analyzer::service {
namespace {

bool Carries(const grpc::AuthContext& peer, const char* property,
             const std::vector<std::string>& names) {
  const std::vector<grpc::string_ref> values =
      peer.FindPropertyValues(property);
  return std::ranges::any_of(values, [&](const grpc::string_ref& value) {
    const std::string text(value.data(), value.size());
    return std::ranges::find(names, text) != names.end();
  });
}

}  // namespace

absl::Status CheckController(const grpc::ServerContext& context,
                             const std::vector<std::string>& names) {
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) {
    return absl::UnauthenticatedError("a client certificate is needed");
  }
  if (Carries(*peer, "x509_subject_alternative_name", names) ||
      Carries(*peer, "x509_common_name", names)) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      "the client certificate carries none of the names that may control");
}

}  // namespace landwaiter::analyzer::service
