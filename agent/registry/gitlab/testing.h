#ifndef LANDWAITER_AGENT_REGISTRY_GITLAB_TESTING_H_
#define LANDWAITER_AGENT_REGISTRY_GITLAB_TESTING_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "agent/registry/testing.h"
#include "core/base/clock.h"
#include "core/base/failure.h"
#include "gtest/gtest.h"
#include "tests/support/registries/gitlab/simulator.h"

namespace landwaiter::agent::registry::gitlab {

// A simulated GitLab with the standard content, and clients for it. By default
// they have the token of the group team-a.
class GitLabTest : public testing::Test {
 protected:
  Connection MakeConnection() const;
  std::unique_ptr<Registry> Make();
  // In the order of the listing.
  std::vector<std::string> AllRepositories(Registry& registry);
  // All pages of a repository in one.
  absl::StatusOr<ArtifactPage> AllArtifacts(Registry& registry,
                                            std::string_view repository);
  // Answers every list of a group's repositories with this.
  void InterceptListing(test::Answer answer);
  // The access token that the last pull token was given for.
  std::string UserOfLastPullToken() const;

  base::FakeClock clock_;
  test::gitlab::Simulator simulator_{clock_};
  http::Url url_ = simulator_.gitlab_url();
  std::vector<ScopedToken> groups_ = {{"team-a", "team-a-token"}};
  std::string password_;
};

}  // namespace landwaiter::agent::registry::gitlab

#endif  // LANDWAITER_AGENT_REGISTRY_GITLAB_TESTING_H_
