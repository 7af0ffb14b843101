#ifndef LANDWAITER_OPERATOR_API_REGISTRY_ACCOUNT_H_
#define LANDWAITER_OPERATOR_API_REGISTRY_ACCOUNT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"
#include "operator/api/image_registry.h"

namespace landwaiter::api {

// What a RegistryAccount asks for (deploy/crds).
struct RegistryAccount {
  // What a Job for the account has in common with one for a registry: names,
  // uid, cluster, credentials, CA, proxy, the annotation landwaiter.dev/verify.
  // Its type is the provider.
  ImageRegistry connection;
  std::string provider;  // AlibabaCloud, HuaweiCloud, AWS
  std::vector<std::string> regions;
  absl::Duration interval = absl::Hours(1);
  // spec.template as it is, never null.
  std::shared_ptr<const nlohmann::json> registry_template;

  // INVALID_ARGUMENT names the first field that is not as the schema says.
  static absl::StatusOr<RegistryAccount> Parse(const nlohmann::json& object);
};

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_REGISTRY_ACCOUNT_H_
