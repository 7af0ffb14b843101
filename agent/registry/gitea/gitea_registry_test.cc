#include "agent/registry/gitea/gitea_registry.h"

#include "agent/registry/hosted/testing.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::gitea {
namespace {

using test::Answer;
using test::SeenRequest;
using testing::ElementsAre;

// Gitea's two challenges in front of the standard content, and its API.
class GiteaTest : public hosted::HostedTest {
 protected:
  std::optional<Answer> Api(const SeenRequest& request) override {
    const std::string path = request.target.substr(0, request.target.find('?'));
    const bool right = IsLoggedIn(request);
    if (path == "/api/v1/version") {
      return closed_ ? Answer{403, {}, R"({"message":"login required"})"}
                     : Answer{.body = R"({"version":"1.24.0"})"};
    }
    if (path == "/api/v1/user") {
      return right ? Answer{.body = admin_ ? R"({"is_admin":true})"
                                           : R"({"is_admin":false})"}
                   : Answer{401, {}, R"({"message":"invalid password"})"};
    }
    if (path == "/v2/token") {
      return right && packages_ ? Answer{.body = R"({"token":"t"})"}
                                : Answer{401, {}, ""};
    }
    if (!path.starts_with("/v2/")) return std::nullopt;
    if (request.Header("Authorization") != "Bearer t") {
      return Answer{401,
                    {{"WWW-Authenticate",
                      base::StrCat("Bearer realm=\"", server_.url().Origin(),
                                   "/v2/token\",service=\"container_registry\","
                                   "scope=\"*\"")},
                     {"WWW-Authenticate", "Basic realm=\"Gitea\""}},
                    ""};
    }
    return open_.Serve(request);
  }

  std::unique_ptr<Registry> New(const std::string& password = "password") {
    return *NewGiteaRegistry(ConnectionAs("user", password), clock_);
  }

  test::Distribution open_{content_};
  bool closed_ = false;
  bool admin_ = true;
  bool packages_ = true;  // the access token has the scope for them
};

TEST_F(GiteaTest, AnAdministratorVerifies) {
  EXPECT_EQ(CodeOf(New()->Verify().status()), "ok");
  closed_ = true;
  EXPECT_EQ(CodeOf(New()->Verify().status()), "ok");
}

TEST_F(GiteaTest, AWrongPasswordIsSentOnce) {
  EXPECT_EQ(CodeOf(New("wrong")->Verify().status()),
            "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(server_.Seen().size(), 2u);
  EXPECT_EQ(server_.Seen()[0].Header("Authorization"), "");
}

TEST_F(GiteaTest, WhoIsNoAdministratorIsTold) {
  admin_ = false;
  EXPECT_EQ(CodeOf(New()->Verify().status()), "UserDoesNotHaveAdminRole");
}

TEST_F(GiteaTest, AnAccessTokenThatMayNotReadPackagesIsTold) {
  packages_ = false;
  EXPECT_EQ(CodeOf(New()->Verify().status()), "UserDoesNotHaveAdminRole");
}

TEST_F(GiteaTest, SomethingElseIsAVersionErrorAndGetsNoPassword) {
  instead_ = Answer{404, {}, "not found", "text/plain"};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "RegistryVersionError");
  EXPECT_EQ(server_.Seen()[0].Header("Authorization"), "");
}

TEST_F(GiteaTest, AWebPageIsANetworkError) {
  instead_ = Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(CodeOf(New()->Verify().status()), "NetworkConnectError/Protocol");
}

TEST_F(GiteaTest, OfTwoChallengesTheTokensIsTaken) {
  EXPECT_THAT(AllRepositories([&] { return New(); }),
              ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                          "team-b/tools"));
  ExpectTagsOf([&] { return New(); }, "team-a/sub/deep/app");
  ExpectPull(*New(), "library/app", "v1");
  for (const SeenRequest& request : server_.Seen()) {
    if (request.target.starts_with("/v2/token")) continue;
    EXPECT_FALSE(request.Header("Authorization").starts_with("Basic"));
  }
}

}  // namespace
}  // namespace landwaiter::agent::registry::gitea
