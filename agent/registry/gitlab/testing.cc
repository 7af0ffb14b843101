#include "agent/registry/gitlab/testing.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "agent/registry/gitlab/gitlab_registry.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::gitlab {

Connection GitLabTest::MakeConnection() const {
  Connection connection;
  connection.http.base = url_;
  connection.tokens = groups_;
  if (!password_.empty()) connection.credentials = {"admin", password_};
  return connection;
}

std::unique_ptr<Registry> GitLabTest::Make() {
  auto registry = NewGitLabRegistry(MakeConnection(), clock_);
  EXPECT_TRUE(registry.ok()) << registry.status();
  return *std::move(registry);
}

std::vector<std::string> GitLabTest::AllRepositories(Registry& registry) {
  std::vector<std::string> names;
  std::string cursor;
  for (int i = 0; i < 100; ++i) {
    const auto page = registry.ListRepositories(cursor);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) break;
    for (const auto& entry : page->repositories) names.push_back(entry.name);
    if (page->complete) return names;
    cursor = page->next_cursor;
  }
  ADD_FAILURE() << "the listing has no end";
  return names;
}

absl::StatusOr<ArtifactPage> GitLabTest::AllArtifacts(
    Registry& registry, std::string_view repository) {
  ArtifactPage all;
  for (int i = 0; i < 1000 && !all.complete; ++i) {
    auto page = registry.ListArtifacts(repository, all.next_cursor);
    if (!page.ok()) return page.status();
    for (auto& tag : page->tags) all.tags.push_back(std::move(tag));
    for (auto& manifest : page->manifests) {
      all.manifests.push_back(std::move(manifest));
    }
    all.next_cursor = page->next_cursor;
    all.complete = page->complete;
  }
  EXPECT_TRUE(all.complete);
  return all;
}

void GitLabTest::InterceptListing(test::Answer answer) {
  simulator_.intercept_gitlab =
      [answer](
          const test::SeenRequest& request) -> std::optional<test::Answer> {
    if (!base::Contains(request.target, "/registry/repositories")) {
      return std::nullopt;
    }
    return answer;
  };
}

std::string GitLabTest::UserOfLastPullToken() const {
  std::string token;
  for (const test::SeenRequest& request : simulator_.SeenByGitLab()) {
    if (!request.target.starts_with("/jwt/auth")) continue;
    std::string login;
    absl::Base64Unescape(request.Header("Authorization").substr(6), &login);
    token = login.substr(login.find(':') + 1);
  }
  return token;
}

}  // namespace landwaiter::agent::registry::gitlab
