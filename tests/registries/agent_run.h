#ifndef LANDWAITER_TESTS_REGISTRIES_AGENT_RUN_H_
#define LANDWAITER_TESTS_REGISTRIES_AGENT_RUN_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"
#include "core/model/image.h"
#include "core/model/work.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// What a sync told the analyzer.
struct Synced {
  std::vector<std::string> repositories;
  std::map<std::string, model::Digest> tags;  // "repository:tag"
  std::map<model::Digest, model::ManifestEntry> manifests;
};

// A sync of the whole registry by the agent's own pipeline.
absl::StatusOr<Synced> Sync(agent::registry::Registry& registry,
                            base::Clock& clock);

// A scan of an image by the agent's own pipeline, layers read in this process:
// its packages, "zlib1g 1:1.2.13.dfsg-1".
absl::StatusOr<std::vector<std::string>> Scan(
    agent::registry::Registry& registry, base::Clock& clock,
    const std::string& repository, const model::Digest& digest);

// Expects exactly the content's repositories and tags, that all that is no
// runnable Linux image has its reason, and that an image's packages are found.
void ExpectSyncAndScan(agent::registry::Registry& registry, base::Clock& clock,
                       const RegistryContent& content);

// "ok", or the failure's code with its cause: "NetworkConnectError/Tls".
std::string CodeOf(const absl::Status& status);

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_REGISTRIES_AGENT_RUN_H_
