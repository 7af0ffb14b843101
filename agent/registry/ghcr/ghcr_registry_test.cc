#include "agent/registry/ghcr/ghcr_registry.h"

#include <nlohmann/json.hpp>

#include "agent/registry/hosted/testing.h"
#include "agent/registry/transport/link.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::ghcr {
namespace {

using nlohmann::json;
using test::Answer;
using test::SeenRequest;
using testing::ElementsAre;
using testing::HasSubstr;

// GitHub's API over the standard content: the user Library with two
// organizations.
class GhcrTest : public hosted::HostedTest {
 protected:
  std::optional<Answer> Api(const SeenRequest& request) override {
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (!path.starts_with("/user") && !path.starts_with("/orgs/")) {
      return std::nullopt;
    }
    if (request.Header("User-Agent").empty()) return Answer{403, {}, "{}"};
    if (request.Header("Authorization") != "Bearer password") {
      return Answer{401, {}, R"({"message":"Bad credentials"})"};
    }
    if (path == "/user") {
      Answer answer{.body = R"({"login":"Library"})"};
      if (scopes_) answer.headers.emplace_back("X-OAuth-Scopes", *scopes_);
      return answer;
    }
    if (limited_) {
      return Answer{
          403,
          {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1700000600"}},
          R"({"message":"API rate limit exceeded"})"};
    }
    if (path == "/user/orgs") {
      return Page({{{"login", "Team-A"}}, {{"login", "team-b"}}}, request);
    }
    const bool user = path.starts_with("/user/");
    const auto parts = base::Split(path, '/');
    const std::string owner = user ? "library" : std::string(parts[2]);
    if (hidden_ == owner) return Answer{404, {}, R"({"message":"Not Found"})"};
    const size_t rest = user ? 3 : 4;  // behind "packages"
    std::vector<json> rows;
    if (parts.size() == rest) {
      for (const std::string& name : content_.RepositoriesOf(owner)) {
        rows.push_back({{"name", name.substr(owner.size() + 1)}});
      }
      return Page(rows, request);
    }
    const std::string name =
        base::StrCat(owner, "/", http::Unescape(parts[rest + 1]));
    const auto& repository = content_.repositories.at(name);
    for (const auto& [digest, manifest] : repository.manifests) {
      json tags = json::array();
      for (const auto& [tag, at] : repository.tags) {
        if (at.digest == digest) tags.push_back(tag);
      }
      rows.push_back({{"name", digest.text()},
                      {"created_at", "2026-01-01T00:00:00Z"},
                      {"metadata", {{"container", {{"tags", tags}}}}}});
    }
    return Page(rows, request);
  }

  Answer Page(const std::vector<json>& rows, const SeenRequest& request) {
    const size_t page = *base::ParseUint64(*QueryValue(request.target, "page"));
    const size_t from = std::min(rows.size(), (page - 1) * rows_per_page_);
    const size_t to = std::min(rows.size(), from + rows_per_page_);
    Answer answer{
        .body = json(std::vector<json>(rows.begin() + from, rows.begin() + to))
                    .dump()};
    if (to < rows.size()) {
      answer.headers.emplace_back(
          "Link", base::StrCat("<https://api.github.com/x?page=", page + 1,
                               ">; rel=\"next\", <https://api.github.com/x?"
                               "page=99>; rel=\"last\""));
    }
    return answer;
  }

  std::unique_ptr<Registry> New(const std::string& password = "password") {
    return *NewGhcrRegistry(ConnectionAs("user", password),
                            {server_.url(), server_.url()}, clock_);
  }

  std::optional<std::string> scopes_ = "read:org, read:packages";
  bool limited_ = false;
  std::string hidden_;  // an owner whose packages the token may not see
  size_t rows_per_page_ = 100;
};

TEST_F(GhcrTest, AClassicTokenVerifies) {
  const auto verified = New()->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->note, "");
}

TEST_F(GhcrTest, AWrongTokenIsSentOnce) {
  EXPECT_EQ(CodeOf(New("wrong")->Verify().status()),
            "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(server_.Seen().size(), 1u);
}

TEST_F(GhcrTest, ATokenWithoutTheScopeIsNoAdmin) {
  scopes_ = "repo, read:org";
  const absl::Status status = New()->Verify().status();
  EXPECT_EQ(CodeOf(status), "UserDoesNotHaveAdminRole");
  EXPECT_THAT(std::string(status.message()), HasSubstr("read:packages"));
}

TEST_F(GhcrTest, WhatWillBeMissingIsNoted) {
  scopes_ = "read:packages";
  EXPECT_THAT(New()->Verify()->note, HasSubstr("read:org"));
  scopes_ = std::nullopt;
  EXPECT_THAT(New()->Verify()->note, HasSubstr("classic"));
}

TEST_F(GhcrTest, AWebPageIsANetworkError) {
  instead_ = Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "NetworkConnectError/Protocol");
}

TEST_F(GhcrTest, PackagesOfTheUserAndOfOrganizationsAreListed) {
  for (const size_t size : {1, 100}) {
    rows_per_page_ = size;
    EXPECT_THAT(AllRepositories([&] { return New(); }),
                ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                            "team-b/tools"));
  }
}

TEST_F(GhcrTest, ASlashInAPackagesNameIsEscaped) {
  ExpectTagsOf([&] { return New(); }, "team-a/sub/deep/app");
  EXPECT_GT(Asked("/orgs/team-a/packages/container/sub%2Fdeep%2Fapp/versions"),
            0);
}

TEST_F(GhcrTest, VersionsTellDigestsAndTimes) {
  rows_per_page_ = 2;
  ExpectTagsOf([&] { return New(); }, "library/app");
  const auto page = New()->ListArtifacts("library/app", "");
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->manifests.at(0).pushed, absl::FromUnixSeconds(1'767'225'600));
}

TEST_F(GhcrTest, TheLimitByTheHourIsNoMissingRight) {
  limited_ = true;
  const absl::Status status = New()->ListRepositories("").status();
  EXPECT_EQ(CodeOf(status), "RateLimited");
  EXPECT_EQ(base::RetryAfterOf(status), absl::Minutes(10));
}

TEST_F(GhcrTest, WhatMayNotBeSeenIsNoEmptyList) {
  hidden_ = "team-a";
  EXPECT_EQ(CodeOf(New()->ListRepositories("team-a 1").status()),
            "Unauthorized");
  EXPECT_EQ(CodeOf(New()->ListArtifacts("team-a/app", "").status()),
            "Unauthorized");
}

TEST_F(GhcrTest, AnotherHostIsNotGitHubs) {
  Connection connection = ConnectionAs("user", "password");
  EXPECT_FALSE(NewGhcrRegistry(connection, clock_).ok());
  connection.http.base = *http::Url::Parse("https://ghcr.io");
  EXPECT_TRUE(NewGhcrRegistry(connection, clock_).ok());
}

TEST_F(GhcrTest, ImagesArePulledFromTheRegistry) {
  ExpectPull(*New(), "library/app", "v1");
}

}  // namespace
}  // namespace landwaiter::agent::registry::ghcr
