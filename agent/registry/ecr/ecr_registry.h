#ifndef LANDWAITER_AGENT_REGISTRY_ECR_ECR_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_ECR_ECR_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::ecr {

// A private registry of Amazon ECR. The credentials are an access key (its id
// as username, the secret as password) whose user may describe repositories
// and images and get an authorization token; that token, which lasts 12 hours,
// is the password for /v2/. The region is the connection's or that in the
// host (ACCOUNT.dkr.ecr.REGION.amazonaws.com). INVALID_ARGUMENT without a key
// or a region.
absl::StatusOr<std::unique_ptr<Registry>> NewEcrRegistry(Connection connection,
                                                         base::Clock& clock);

}  // namespace landwaiter::agent::registry::ecr

#endif  // LANDWAITER_AGENT_REGISTRY_ECR_ECR_REGISTRY_H_
