// Connecting to a Quay.
#include "agent/registry/quay/testing.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::quay {
namespace {

using testing::HasSubstr;

using QuayVerifyTest = QuayTest;

TEST_F(QuayVerifyTest, AnOwnersTokensAreEnough) {
  const auto verification = Make()->Verify();
  ASSERT_EQ(CodeOf(verification.status()), "ok") << verification.status();
  EXPECT_EQ(verification->detected_version, "V2");
  EXPECT_EQ(verification->note, "");
}

TEST_F(QuayVerifyTest, AnAccountAloneIsEnoughWithANote) {
  UseAccount("alice", "password");
  const auto verification = Make()->Verify();
  ASSERT_EQ(CodeOf(verification.status()), "ok") << verification.status();
  EXPECT_THAT(verification->note, HasSubstr("without tokens"));
}

TEST_F(QuayVerifyTest, ABadTokenIsToldThoughListsAnswer200) {
  connection_.tokens[1].token = "wrong";
  const auto verification = Make()->Verify();
  EXPECT_EQ(CodeOf(verification.status()), "FailedToVerifyUsernameOrPwd");
  EXPECT_THAT(base::ToStd(verification.status().message()),
              HasSubstr("team-a"));
}

TEST_F(QuayVerifyTest, AnExpiredTokenIsToldAsExpired) {
  quay_.tokens["alice-token"].expired = true;
  const auto verification = Make()->Verify();
  EXPECT_EQ(CodeOf(verification.status()), "FailedToVerifyUsernameOrPwd");
  EXPECT_THAT(base::ToStd(verification.status().message()),
              HasSubstr("has expired"));
}

TEST_F(QuayVerifyTest, ARevokedTokenIsBad) {
  quay_.tokens["alice-token"].revoked = true;
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
}

// /user/ answers it with 401, as a bad one.
TEST_F(QuayVerifyTest, ATokenWithoutUserReadIsNotBad) {
  quay_.tokens["alice-token"].scopes = {"repo:read", "org:admin"};
  EXPECT_EQ(Verify(), "ok");
}

TEST_F(QuayVerifyTest, AnOwnersTokenWithoutOrgAdminLacksTheRole) {
  quay_.tokens["alice-token"].scopes = {"repo:read", "user:read"};
  const auto verification = Make()->Verify();
  EXPECT_EQ(CodeOf(verification.status()), "UserDoesNotHaveAdminRole");
  EXPECT_THAT(base::ToStd(verification.status().message()),
              HasSubstr("org:admin"));
}

TEST_F(QuayVerifyTest, AMembersTokenLacksTheRole) {
  quay_.organizations["team-b"].owners = {"bob"};
  quay_.organizations["team-b"].members = {"alice"};
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
}

TEST_F(QuayVerifyTest, ATokenWithoutRepoReadLacksTheRole) {
  quay_.tokens["alice-token"].scopes = {"user:read", "org:admin"};
  const auto verification = Make()->Verify();
  EXPECT_EQ(CodeOf(verification.status()), "UserDoesNotHaveAdminRole");
  EXPECT_THAT(base::ToStd(verification.status().message()),
              HasSubstr("repo:read"));
}

TEST_F(QuayVerifyTest, ASuperUserOwnsOnlyWithFullAccess) {
  quay_.users["root"] = {.password = "p", .super_user = true};
  quay_.tokens["root-token"] = {
      .user = "root",
      .scopes = {"repo:read", "user:read", "org:admin", "super:user"}};
  for (auto& token : connection_.tokens) token.token = "root-token";
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
  quay_.superusers_full_access = true;
  EXPECT_EQ(Verify(), "ok");
}

TEST_F(QuayVerifyTest, AUsersOwnNamespaceIsHis) {
  connection_.tokens = {{"alice", "alice-token"}};
  EXPECT_EQ(Verify(), "ok");
  connection_.tokens = {{"nobody", "alice-token"}};
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
}

TEST_F(QuayVerifyTest, AWrongPasswordIsToldAndSentOnce) {
  UseAccount("alice", "wrong");
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Requests("/v2/auth"), 1u);
}

TEST_F(QuayVerifyTest, ARightPasswordThatIsThrottledIsNotWrong) {
  quay_.throttled_logins = 100;
  UseAccount("alice", "wrong");
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
  UseAccount("alice", "password");
  EXPECT_EQ(Verify(), "NetworkConnectError/Protocol");
}

TEST_F(QuayVerifyTest, AShortThrottleIsWaitedForThoughItSaysToWaitZero) {
  UseAccount("alice", "wrong");
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
  UseAccount("alice", "password");
  const absl::Time before = clock_.Now();
  EXPECT_EQ(Verify(), "ok");
  EXPECT_GT(clock_.Now(), before);
}

TEST_F(QuayVerifyTest, RobotsAndOAuthTokensAreAccounts) {
  quay_.robots["team-a+ci"] = {.token = "robot", .may_read = {"team-a/app"}};
  UseAccount("team-a+ci", "robot");
  EXPECT_EQ(Verify(), "ok");
  UseAccount("team-a+ci", "wrong");
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
  UseAccount("$oauthtoken", "alice-token");
  EXPECT_EQ(Verify(), "ok");
}

TEST_F(QuayVerifyTest, ADisabledUserIsToldAsDisabled) {
  quay_.users["alice"].enabled = false;
  UseAccount("alice", "password");
  const auto verification = Make()->Verify();
  EXPECT_EQ(CodeOf(verification.status()), "FailedToVerifyUsernameOrPwd");
  EXPECT_THAT(base::ToStd(verification.status().message()),
              HasSubstr("disabled"));
}

TEST_F(QuayVerifyTest, AnAccountWithoutAnyRightLacksTheRole) {
  quay_.robots["team-a+none"] = {.token = "robot"};
  UseAccount("team-a+none", "robot");
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
}

TEST_F(QuayVerifyTest, NothingToLogInWithIsTold) {
  UseAccount("", "");
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
}

TEST_F(QuayVerifyTest, AnOutageIsNotABadLogin) {
  quay_.database_up = false;
  EXPECT_EQ(Verify(), "NetworkConnectError/Protocol");
  UseAccount("alice", "password");
  EXPECT_EQ(Verify(), "NetworkConnectError/Protocol");
}

TEST_F(QuayVerifyTest, WhatIsNoQuayIsAWrongVersion) {
  test::Answer missing{.status = 404, .headers = {}, .body = "{}"};
  quay_.instead = &missing;
  EXPECT_EQ(Verify(), "RegistryVersionError");
  test::Answer portal{.status = 200,
                      .headers = {},
                      .body = "<html></html>",
                      .content_type = "text/html"};
  quay_.instead = &portal;
  EXPECT_EQ(Verify(), "RegistryVersionError");
}

TEST_F(QuayVerifyTest, AVersionThatIsNotQuaysIsToldWithTheDetectedOne) {
  connection_.version = "V1";
  const auto verification = Make()->Verify();
  EXPECT_EQ(CodeOf(verification.status()), "RegistryVersionError");
  EXPECT_THAT(base::ToStd(verification.status().message()), HasSubstr("V2"));
}

TEST_F(QuayVerifyTest, WhereNothingListensTheCauseIsConnect) {
  const int port =
      std::make_unique<test::HttpServer>([](const test::SeenRequest&) {
        return test::Answer();
      })->port();
  connection_.http.base =
      *http::Url::Parse(base::StrCat("http://127.0.0.1:", port));
  EXPECT_EQ(Verify(), "NetworkConnectError/Connect");
}

TEST_F(QuayVerifyTest, AUserAgentLikeABrowsersIsAnsweredToo) {
  connection_.http.user_agent = "Mozilla/5.0 (X11; Linux x86_64)";
  EXPECT_EQ(Verify(), "ok");
}

TEST_F(QuayVerifyTest, ANamespaceWithASlashIsRefusedAtOnce) {
  connection_.tokens = {{"team-a/../x", "alice-token"}};
  EXPECT_EQ(NewQuayRegistry(connection_, clock_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace landwaiter::agent::registry::quay
