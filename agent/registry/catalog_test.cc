#include "agent/registry/catalog.h"

#include <memory>

#include "agent/registry/testing.h"
#include "agent/registry/transport/refused_logins.h"
#include "gtest/gtest.h"
#include "tests/support/http_server.h"

namespace landwaiter::agent::registry {
namespace {

TEST(LimitsOfTest, WhatAVendorSaysElseTheDefault) {
  const Manners::Limits usual;
  EXPECT_EQ(LimitsOf("Harbor", "harbor.example").requests_per_second,
            usual.requests_per_second);
  EXPECT_LT(LimitsOf("GHCR", "ghcr.io").requests_per_second, 20);
  EXPECT_EQ(LimitsOf("JFrog", "a.example").concurrency, 3);
  // Limits of a service are not those of a server of one's own.
  EXPECT_LT(LimitsOf("GitLab", "registry.gitlab.com").requests_per_second, 34);
  EXPECT_LT(LimitsOf("GitLab", "gitlab.com").requests_per_second, 34);
  EXPECT_EQ(LimitsOf("GitLab", "notgitlab.com").requests_per_second,
            usual.requests_per_second);
  EXPECT_EQ(LimitsOf("Quay", "quay.example").requests_per_second,
            usual.requests_per_second);
}

// A server that refuses every login, and says so as each type asks.
class RefusedLoginTest : public testing::TestWithParam<const char*> {
 protected:
  test::Answer Serve(const test::SeenRequest& request) {
    logins_ += request.Header("Authorization").empty() ? 0 : 1;
    if (request.target.starts_with("/service/rest/v1/status") ||
        request.target.starts_with("/api/v1/version")) {
      return {200, {}, R"({"version":"1.0"})"};
    }
    return {401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, "{}"};
  }

  std::unique_ptr<Registry> Make() {
    connection_.http.base = server_.url();
    return *NewRegistry(GetParam(), connection_, clock_);
  }
  void AskForEverything(Registry& registry) {
    EXPECT_FALSE(registry.Verify().ok());
    EXPECT_FALSE(registry.ListRepositories("").ok());
    EXPECT_FALSE(registry.ListArtifacts("a/b", "").ok());
    EXPECT_FALSE(registry.ResolveTag("a/b", "v1").ok());
    EXPECT_FALSE(registry.ResolveTag("c/d", "v1").ok());
  }

  base::FakeClock clock_;
  int logins_ = 0;
  test::HttpServer server_{
      [this](const test::SeenRequest& r) { return Serve(r); }};
  Connection connection_ = {
      .credentials = {"user", "wrong"},
      .refused_logins = std::make_shared<RefusedLogins>()};
};

TEST_P(RefusedLoginTest, AWrongPasswordIsSentOnceAProcess) {
  AskForEverything(*Make());
  EXPECT_EQ(logins_, 1);
  AskForEverything(*Make());  // another part of the agent
  EXPECT_EQ(logins_, 1);
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "FailedToVerifyUsernameOrPwd");
}

TEST_P(RefusedLoginTest, AnotherPasswordIsTried) {
  AskForEverything(*Make());
  connection_.credentials.password = "another";
  AskForEverything(*Make());
  EXPECT_EQ(logins_, 2);
}

INSTANTIATE_TEST_SUITE_P(, RefusedLoginTest,
                         testing::Values("OCI", "Gitea", "JFrog", "Nexus"));

}  // namespace
}  // namespace landwaiter::agent::registry
