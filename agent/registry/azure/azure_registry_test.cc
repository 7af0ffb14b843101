#include "agent/registry/azure/azure_registry.h"

#include <nlohmann/json.hpp>

#include "agent/registry/hosted/testing.h"
#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::azure {
namespace {

using nlohmann::json;
using test::Answer;
using test::SeenRequest;
using testing::ElementsAre;

// Azure's token server, which gives only "access_token", and /acr/v1/.
class AzureTest : public hosted::HostedTest {
 protected:
  std::optional<Answer> Api(const SeenRequest& request) override {
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (path == "/oauth2/token") return Token(request);
    if (path.starts_with("/v2/")) {
      const std::string scope =
          path == "/v2/" ? ""
          : path == "/v2/_catalog"
              ? "registry:catalog:*"
              : base::StrCat("repository:", Name(path), ":pull");
      if (!Holds(request, scope)) return Challenge(scope);
      return open_.Serve(request);
    }
    if (!path.starts_with("/acr/v1/")) return std::nullopt;
    const std::string name = path.substr(8, path.size() - 8 - 6);
    const std::string scope =
        base::StrCat("repository:", name, ":metadata_read");
    if (!Holds(request, scope)) return Challenge(scope);
    const auto found = content_.repositories.find(name);
    if (found == content_.repositories.end()) return Answer{404, {}, "{}"};
    const std::string last = QueryValue(request.target, "last").value_or("");
    json tags = json::array();
    Answer answer;
    for (const auto& [tag, at] : found->second.tags) {
      if (tag <= last) continue;
      if (tags.size() == rows_per_page_) {
        answer.headers.emplace_back(
            "Link", base::StrCat("<", path, "?last=",
                                 tags.back()["name"].get<std::string>(),
                                 "&n=500&orderby=>; rel=\"next\""));
        break;
      }
      tags.push_back({{"name", tag},
                      {"digest", at.digest.text()},
                      {"lastUpdateTime", "2026-01-01T00:00:00.1234567Z"}});
    }
    answer.body = json{{"imageName", name}, {"tags", tags}}.dump();
    return answer;
  }

  static std::string Name(const std::string& path) {
    for (const char* word : {"/tags/list", "/manifests/", "/blobs/"}) {
      const size_t at = path.rfind(word);
      if (at != path.npos) return path.substr(4, at - 4);
    }
    return "";
  }

  // The scope stands in the token itself.
  Answer Token(const SeenRequest& request) {
    if (!IsLoggedIn(request)) return {401, {}, "{}"};
    std::string scope = QueryValue(request.target, "scope").value_or("");
    if (!metadata_ && scope.ends_with("metadata_read")) scope = "nothing";
    if (!catalog_ && scope == "registry:catalog:*") scope = "nothing";
    return {.body = json{{"access_token", "t-" + scope}}.dump()};
  }
  bool Holds(const SeenRequest& request, const std::string& scope) {
    const std::string header = request.Header("Authorization");
    return scope.empty() ? header.starts_with("Bearer t-")
                         : header == "Bearer t-" + scope;
  }
  Answer Challenge(const std::string& scope) {
    return {401,
            {{"WWW-Authenticate",
              base::StrCat("Bearer realm=\"", server_.url().Origin(),
                           "/oauth2/token\",service=\"x.azurecr.io\"",
                           scope.empty() ? "" : ",scope=\"" + scope + "\"")}},
            "{}"};
  }

  std::unique_ptr<Registry> New(const std::string& password = "password") {
    return *NewAzureRegistry(ConnectionAs("user", password), clock_);
  }

  test::Distribution open_{content_};
  bool metadata_ = true, catalog_ = true;
  size_t rows_per_page_ = 100;
};

TEST_F(AzureTest, AnAccountVerifies) {
  EXPECT_EQ(CodeOf(New()->Verify().status()), "ok");
}

TEST_F(AzureTest, AWrongPasswordIsSentOnce) {
  EXPECT_EQ(CodeOf(New("wrong")->Verify().status()),
            "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Asked("/oauth2/token"), 1);
}

TEST_F(AzureTest, WhoMayNotListIsNoAdmin) {
  catalog_ = false;
  EXPECT_EQ(CodeOf(New()->Verify().status()), "UserDoesNotHaveAdminRole");
}

TEST_F(AzureTest, SomethingElseIsAVersionErrorAndGetsNoPassword) {
  instead_ = Answer{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "RegistryVersionError");
  for (const SeenRequest& request : server_.Seen()) {
    EXPECT_EQ(request.Header("Authorization"), "");
  }
}

TEST_F(AzureTest, AWebPageIsANetworkError) {
  instead_ = Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "NetworkConnectError/Protocol");
}

TEST_F(AzureTest, RepositoriesAndTagsAreListed) {
  EXPECT_THAT(AllRepositories([&] { return New(); }),
              ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                          "team-b/tools"));
  for (const size_t size : {1, 100}) {
    rows_per_page_ = size;
    ExpectTagsOf([&] { return New(); }, "team-a/sub/deep/app");
  }
  const auto page = New()->ListArtifacts("library/app", "");
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(absl::ToUnixSeconds(*page->manifests.at(0).pushed), 1'767'225'600);
  EXPECT_FALSE(page->tags.at(0).digest.empty());
}

TEST_F(AzureTest, WhoMayPullButNotReadMetadataListsThroughV2) {
  metadata_ = false;
  ExpectTagsOf([&] { return New(); }, "library/app");
  EXPECT_TRUE(New()->ListArtifacts("library/app", "")->manifests.empty());
}

TEST_F(AzureTest, ImagesArePulled) { ExpectPull(*New(), "library/app", "v1"); }

}  // namespace
}  // namespace landwaiter::agent::registry::azure
