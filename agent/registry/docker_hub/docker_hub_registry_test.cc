#include "agent/registry/docker_hub/docker_hub_registry.h"

#include <nlohmann/json.hpp>

#include "agent/registry/hosted/testing.h"
#include "agent/registry/transport/link.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::docker_hub {
namespace {

using nlohmann::json;
using test::Answer;
using test::SeenRequest;
using testing::ElementsAre;

// Docker Hub's API over the standard content, whose first segments are the
// account's namespaces; two segments are all that a name may have.
class DockerHubTest : public hosted::HostedTest {
 protected:
  std::optional<Answer> Api(const SeenRequest& request) override {
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (path == "/v2/auth/token") return Token(request);
    if (!path.starts_with("/v2/repositories/")) return std::nullopt;
    if (request.Header("Authorization") != bearer_) return Answer{401, {}, ""};
    if (path == "/v2/repositories/namespaces") {
      return Answer{.body = json{{"namespaces", namespaces_}}.dump()};
    }
    const std::string rest = path.substr(17, path.size() - 18);
    std::vector<json> rows;
    if (rest.ends_with("/tags")) {
      const std::string name = rest.substr(0, rest.size() - 5);
      for (const auto& [tag, at] : content_.repositories.at(name).tags) {
        json row = {{"name", tag}, {"full_size", 7}};
        if (digests_) row["digest"] = at.digest.text();
        row["tag_last_pushed"] = "2026-01-01T00:00:00Z";
        rows.push_back(row);
      }
    } else {
      for (const std::string& name : content_.RepositoriesOf(rest)) {
        rows.push_back({{"name", name.substr(rest.size() + 1)}});
      }
    }
    return Page(rows, request);
  }

  Answer Token(const SeenRequest& request) {
    const json asked = json::parse(request.body, nullptr, false);
    if (request.method != "POST" || asked.value("identifier", "") != "user" ||
        asked.value("secret", "") != "password") {
      return {401, {}, R"({"detail":"Incorrect authentication credentials"})"};
    }
    ++logins_;
    bearer_ = base::StrCat("Bearer t", logins_);
    return {.body = json{{"access_token", bearer_.substr(7)}}.dump()};
  }

  Answer Page(const std::vector<json>& rows, const SeenRequest& request) {
    const size_t page = *base::ParseUint64(*QueryValue(request.target, "page"));
    const size_t from = std::min(rows.size(), (page - 1) * rows_per_page_);
    const size_t to = std::min(rows.size(), from + rows_per_page_);
    json results = json::array();
    for (size_t i = from; i < to; ++i) results.push_back(rows[i]);
    json body = {{"count", rows.size()}, {"results", results}};
    body["next"] =
        to < rows.size() ? json("https://hub.docker.com/x?page=2") : json();
    return {.body = body.dump()};
  }

  std::unique_ptr<Registry> New(const std::string& password = "password") {
    return *NewDockerHubRegistry(ConnectionAs("user", password),
                                 {server_.url(), server_.url()}, clock_);
  }

  json namespaces_ = {"library", "team-a", "team-b"};
  std::string bearer_ = "Bearer none";
  int logins_ = 0;
  bool digests_ = true;
  size_t rows_per_page_ = 100;
};

TEST_F(DockerHubTest, AnAccountVerifies) {
  EXPECT_EQ(CodeOf(New()->Verify().status()), "ok");
}

TEST_F(DockerHubTest, AWrongPasswordIsSentOnce) {
  auto registry = New("wrong");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(CodeOf(registry->Verify().status()),
              "FailedToVerifyUsernameOrPwd");
  }
  EXPECT_EQ(CodeOf(registry->ListRepositories("").status()),
            "Unauthorized/Login");
  EXPECT_EQ(server_.Seen().size(), 1u);
}

TEST_F(DockerHubTest, AnAccountWithoutANamespaceIsNoAdmin) {
  namespaces_ = json::array();
  EXPECT_EQ(CodeOf(New()->Verify().status()), "UserDoesNotHaveAdminRole");
  EXPECT_EQ(CodeOf(New()->ListRepositories("").status()), "Unauthorized");
}

TEST_F(DockerHubTest, AWebPageIsANetworkError) {
  instead_ = Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "NetworkConnectError/Protocol");
}

TEST_F(DockerHubTest, AnotherHostIsNotDockerHub) {
  Connection connection = ConnectionAs("user", "password");
  EXPECT_FALSE(NewDockerHubRegistry(connection, clock_).ok());
  connection.http.base = *http::Url::Parse("https://docker.io");
  EXPECT_TRUE(NewDockerHubRegistry(connection, clock_).ok());
  connection.http.base = *http::Url::Parse("https://evil-docker.io");
  EXPECT_FALSE(NewDockerHubRegistry(connection, clock_).ok());
}

TEST_F(DockerHubTest, AllNamespacesAreListedFromAnyCursor) {
  for (const size_t size : {1, 100}) {
    rows_per_page_ = size;
    EXPECT_THAT(AllRepositories([&] { return New(); }),
                ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                            "team-b/tools"));
  }
}

TEST_F(DockerHubTest, TagsComeWithDigestsOrAreResolved) {
  for (const size_t size : {1, 100}) {
    rows_per_page_ = size;
    for (const bool digests : {true, false}) {
      digests_ = digests;
      ExpectTagsOf([&] { return New(); }, "library/app");
    }
  }
  EXPECT_EQ(
      AllArtifacts([&] { return New(); }, "library/app")->manifests.size(), 0u);
}

TEST_F(DockerHubTest, ATokenThatExpiresIsRenewed) {
  auto registry = New();
  ASSERT_TRUE(registry->ListArtifacts("library/app", "").ok());
  bearer_ = "Bearer another";
  EXPECT_TRUE(registry->ListArtifacts("library/app", "").ok());
  EXPECT_EQ(logins_, 2);
}

TEST_F(DockerHubTest, AnEmptyPageThatGoesOnIsNoEnd) {
  bearer_ = "Bearer t1";
  auto registry = New();
  ASSERT_TRUE(registry->Verify().ok());
  instead_ = Answer{.body = R"({"results":[],"next":"x"})"};
  EXPECT_EQ(CodeOf(registry->ListArtifacts("library/app", "").status()),
            "NetworkError/Protocol");
}

TEST_F(DockerHubTest, ImagesArePulledFromTheRegistry) {
  auto registry = New();
  ExpectPull(*registry, "library/app", "v1");
}

TEST_F(DockerHubTest, CursorsOfSomethingElseAreRefused) {
  for (const char* cursor : {"x", "a/../b 1", "library 0"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(New()->ListRepositories(cursor).status()));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(
      New()->ListArtifacts("library/app", "x").status()));
}

}  // namespace
}  // namespace landwaiter::agent::registry::docker_hub
