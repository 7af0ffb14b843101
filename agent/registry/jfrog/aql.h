#ifndef LANDWAITER_AGENT_REGISTRY_JFROG_AQL_H_
#define LANDWAITER_AGENT_REGISTRY_JFROG_AQL_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/registry/transport/api_client.h"
#include "core/model/digest.h"

namespace landwaiter::agent::registry::jfrog {

// What AQL, Artifactory's query language, tells of a tag's manifest.
struct TagFacts {
  model::Digest digest;
  std::optional<absl::Time> pushed;
};

// The facts of these tags of an image, by tag, as far as AQL tells them. AQL
// saves a HEAD a tag and decides nothing: limits are applied before
// permissions, results are trimmed, and queries may be forbidden or too slow,
// so a tag that it leaves out is just as much there. Each query names its tags
// and is short (Artifactory refuses more than 6,000 characters). An error only
// where waiting or another try is called for.
absl::StatusOr<std::map<std::string, TagFacts>> FindTags(
    ApiClient& api, std::string_view key, std::string_view image,
    const std::vector<std::string>& tags);

}  // namespace landwaiter::agent::registry::jfrog

#endif  // LANDWAITER_AGENT_REGISTRY_JFROG_AQL_H_
