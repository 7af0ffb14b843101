#ifndef LANDWAITER_AGENT_REGISTRY_GOOGLE_TAG_LIST_H_
#define LANDWAITER_AGENT_REGISTRY_GOOGLE_TAG_LIST_H_

#include "absl/status/statusor.h"
#include "agent/registry/registry.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::agent::registry::google {

// What Google's /v2/NAME/tags/list tells beyond the distribution-spec:
// "manifest" has each digest, tagged or not, with "tag", "imageSizeBytes" and
// "timeUploadedMs". Tags without a digest are left to be resolved. NetworkError
// for what is no such list.
absl::StatusOr<ArtifactPage> ReadTagList(const nlohmann::json& answer);

}  // namespace landwaiter::agent::registry::google

#endif  // LANDWAITER_AGENT_REGISTRY_GOOGLE_TAG_LIST_H_
