#ifndef LANDWAITER_AGENT_REGISTRY_GITLAB_TAGS_H_
#define LANDWAITER_AGENT_REGISTRY_GITLAB_TAGS_H_

#include <atomic>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/registry/gitlab/session.h"
#include "agent/registry/registry.h"

namespace landwaiter::agent::registry::gitlab {

// Lists the tags of a repository by the best of the ways that there are: the
// registry's own /gitlab/v1/ (digests, sizes and times, 1,000 tags a request),
// /v2/ (names alone), and, where the token may not pull, GitLab's REST API
// (a request for each tag). A listing stays on the way that it began on.
// Thread-safe.
class TagLister {
 public:
  // `session` must outlive it.
  explicit TagLister(Session& session) : session_(session) {}

  absl::StatusOr<ArtifactPage> List(std::string_view repository,
                                    std::string_view cursor);

 private:
  absl::StatusOr<ArtifactPage> Begin(Account& account,
                                     std::string_view repository);
  absl::StatusOr<ArtifactPage> ListV1(Account& account,
                                      std::string_view repository,
                                      std::string_view last);
  absl::StatusOr<ArtifactPage> ListV2(Account& account,
                                      std::string_view repository,
                                      std::string_view last);
  absl::StatusOr<ArtifactPage> ListRest(Account& account,
                                        std::string_view repository,
                                        const std::string& paging);
  absl::Status AddDetail(Account& account, const std::string& tags,
                         const std::string& tag, ArtifactPage& page);

  Session& session_;
  std::atomic<bool> no_v1_ = false;  // the registry has no /gitlab/v1/
};

}  // namespace landwaiter::agent::registry::gitlab

#endif  // LANDWAITER_AGENT_REGISTRY_GITLAB_TAGS_H_
