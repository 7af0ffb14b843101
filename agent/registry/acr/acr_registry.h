#ifndef LANDWAITER_AGENT_REGISTRY_ACR_ACR_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_ACR_ACR_REGISTRY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::acr {

// Alibaba Cloud Container Registry. Its /v2/ has no catalog: the cloud's API
// in the registry's region lists it, with an AccessKey (id and secret as user
// name and password). Which edition, region and instance it is, the challenge
// of /v2/ says.
//
// Enterprise: images are pulled with an account that the API lends for an
// hour. Personal: images are listed with the reason why they are not scanned,
// and nothing is ever pulled: ResolveTag, GetManifest and FetchBlob fail with
// UnsupportedMedia.
absl::StatusOr<std::unique_ptr<Registry>> NewAcrRegistry(Connection connection,
                                                         base::Clock& clock);

}  // namespace landwaiter::agent::registry::acr

#endif  // LANDWAITER_AGENT_REGISTRY_ACR_ACR_REGISTRY_H_
