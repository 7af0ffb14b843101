#include "agent/registry/hosted/testing.h"

#include <nlohmann/json.hpp>
#include <set>

#include "agent/registry/transport/authorization.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::hosted {

using test::Answer;
using test::SeenRequest;

std::string HostedTest::Basic(const std::string& user,
                              const std::string& password) {
  return BasicHeaders({user, password}).front().second;
}

bool HostedTest::IsLoggedIn(const SeenRequest& request) {
  return request.Header("Authorization") == Basic("user", "password");
}

std::optional<Answer> HostedTest::Challenge(const SeenRequest& request) {
  if (IsLoggedIn(request)) return std::nullopt;
  return Answer{401, {{"WWW-Authenticate", "Basic realm=\"registry\""}}, ""};
}

Answer HostedTest::Serve(const SeenRequest& request) {
  if (instead_) return *instead_;
  if (auto answer = Api(request)) return *std::move(answer);
  if (request.target.starts_with("/v2/")) return distribution_.Serve(request);
  return {404, {}, R"({"message":"not found"})"};
}

Connection HostedTest::ConnectionAs(const std::string& user,
                                    const std::string& password) {
  Connection connection;
  connection.http.base = server_.url();
  connection.credentials = {user, password};
  return connection;
}

std::vector<std::string> HostedTest::AllRepositories(const Make& make) {
  std::vector<std::string> names;
  std::string cursor;
  for (int i = 0; i < 100; ++i) {
    const auto page = make()->ListRepositories(cursor);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return names;
    for (const auto& entry : page->repositories) names.push_back(entry.name);
    if (page->complete) return names;
    cursor = page->next_cursor;
  }
  ADD_FAILURE() << "the listing has no end";
  return names;
}

absl::StatusOr<ArtifactPage> HostedTest::AllArtifacts(
    const Make& make, const std::string& repository) {
  ArtifactPage all;
  for (int i = 0; i < 100 && !all.complete; ++i) {
    auto page = make()->ListArtifacts(repository, all.next_cursor);
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

void HostedTest::ExpectTagsOf(const Make& make, const std::string& repository) {
  const auto page = AllArtifacts(make, repository);
  ASSERT_TRUE(page.ok()) << page.status();
  std::map<std::string, std::string> got, want;
  for (const ListedTag& tag : page->tags) {
    const auto digest = tag.digest.empty()
                            ? make()->ResolveTag(repository, tag.name)
                            : tag.digest;
    ASSERT_TRUE(digest.ok()) << digest.status();
    got[tag.name] = digest->text();
  }
  for (const auto& [name, tag] : content_.repositories.at(repository).tags) {
    want[name] = tag.digest.text();
  }
  EXPECT_EQ(got, want);
}

void HostedTest::ExpectPull(Registry& registry, const std::string& repository,
                            const std::string& tag) {
  const auto digest = registry.ResolveTag(repository, tag);
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(PullAll(registry, repository, *digest), "ok");
}

int HostedTest::Asked(const std::string& part) {
  int asked = 0;
  for (const SeenRequest& request : server_.Seen()) {
    asked += base::Contains(request.target, part);
  }
  return asked;
}

}  // namespace landwaiter::agent::registry::hosted
