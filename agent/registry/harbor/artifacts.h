#ifndef LANDWAITER_AGENT_REGISTRY_HARBOR_ARTIFACTS_H_
#define LANDWAITER_AGENT_REGISTRY_HARBOR_ARTIFACTS_H_

#include <set>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "agent/registry/harbor/harbor_api.h"
#include "agent/registry/registry.h"
#include "nlohmann/json_fwd.hpp"

// What Harbor's answers mean.
namespace landwaiter::agent::registry::harbor {

// Adds an artifact of V2: its tags and its manifest. An image of one platform
// is told whole; what only the manifest tells for certain (an index, an
// artifact that claims to be an image without a platform) is left to be read;
// what Harbor itself says is no image, or what has no platform and only tags of
// cosign's, is unsupported.
void AddArtifact(const nlohmann::json& artifact, ArtifactPage& page);

// Adds a tag of V1's tags?detail=true. One whose digest is empty could not be
// read by Harbor itself: it is left to be resolved. `known` are the digests
// that `page` has already.
void AddV1Tag(const nlohmann::json& tag, std::set<model::Digest>& known,
              ArtifactPage& page);

// A repository of either version. V2's state is when it was last pushed to or
// pulled from and how many artifacts it has; none while the last push may still
// be under way at `now`, the server's time: Harbor notes the time before the
// artifact. V1 has none: its update_time stays that of the first push.
RepositoryEntry RepositoryOf(Version version, const nlohmann::json& repository,
                             absl::Time now);

// "team-a/nested/deep/app" is the repository "nested/deep/app" of the project
// "team-a"; both are empty if it is not of this form.
struct RepositoryPath {
  std::string project;
  std::string repository;
};
RepositoryPath SplitRepository(std::string_view name);

// As it stands in a path of V2's API: slashes escaped `times` times.
std::string EscapedRepository(std::string_view repository, int times);

}  // namespace landwaiter::agent::registry::harbor

#endif  // LANDWAITER_AGENT_REGISTRY_HARBOR_ARTIFACTS_H_
