#ifndef LANDWAITER_AGENT_REGISTRY_SWR_SWR_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_SWR_SWR_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::swr {

// Huawei Cloud SoftWare Repository for Container: the shared edition or, where
// connection.edition says so, an instance of the Enterprise edition. The
// cloud's API in the registry's region lists it, with an access key (AK and SK
// as user name and password); images are pulled with an account that the API
// lends for some hours. The region is connection.region, else that in
// swr.<region>.myhuaweicloud.com; INVALID_ARGUMENT if neither tells it.
absl::StatusOr<std::unique_ptr<Registry>> NewSwrRegistry(Connection connection,
                                                         base::Clock& clock);

}  // namespace landwaiter::agent::registry::swr

#endif  // LANDWAITER_AGENT_REGISTRY_SWR_SWR_REGISTRY_H_
