#include "agent/registry/gitlab/gitlab_registry.h"

#include <set>

#include "agent/registry/gitlab/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using test::Answer;
using test::SeenRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class GitLabRegistryTest : public GitLabTest {};

const std::vector<std::string> kEverything = {
    "library/app", "team-a/app", "team-a/sub/deep/app", "team-b/tools"};

TEST_F(GitLabRegistryTest, GroupTokensVerify) {
  groups_ = {{"team-a", "team-a-token"}, {"team-b", "team-b-token"}};
  const auto verified = Make()->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->detected_version, "V1");
  EXPECT_EQ(verified->note, "");
}

TEST_F(GitLabRegistryTest, AnAdministratorsTokenVerifies) {
  password_ = "admin-token";
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "ok");
}

TEST_F(GitLabRegistryTest, EitherAddressLeadsToTheOther) {
  groups_ = {{"team-a", "team-a-token"}};
  for (const http::Url& url :
       {simulator_.gitlab_url(), simulator_.registry_url()}) {
    url_ = url;
    auto registry = Make();
    EXPECT_EQ(CodeOf(registry->Verify().status()), "ok") << url.ToString();
    EXPECT_THAT(AllRepositories(*registry),
                ElementsAre("team-a/app", "team-a/sub/deep/app"));
    EXPECT_TRUE(registry->ResolveTag("team-a/app", "multi").ok());
  }
}

TEST_F(GitLabRegistryTest, AHostThatIsNotThereIsANetworkError) {
  url_.port = 1;
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "NetworkConnectError/Connect");
}

TEST_F(GitLabRegistryTest, AnotherRegistryIsAVersionError) {
  test::HttpServer other(
      [](const SeenRequest&) { return Answer{404, {}, "not found"}; });
  url_ = other.url();
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "RegistryVersionError");
}

TEST_F(GitLabRegistryTest, ARegistryWithoutGitLabIsAVersionError) {
  test::HttpServer other([](const SeenRequest& request) {
    if (request.target != "/v2/") return Answer{404, {}, "not found"};
    return Answer{
        401, {{"WWW-Authenticate", "Bearer realm=\"http://127.0.0.1/token\""}}};
  });
  url_ = other.url();
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "RegistryVersionError");
  for (const SeenRequest& request : other.Seen()) {
    EXPECT_EQ(request.Header("PRIVATE-TOKEN"), "");
    EXPECT_EQ(request.Header("Authorization"), "");
  }
}

TEST_F(GitLabRegistryTest, AGitLabOfAForeignDomainGetsNoToken) {
  std::string realm = "http://gitlab.example/jwt/auth";
  test::HttpServer other([&](const SeenRequest& request) {
    if (request.target != "/v2/") return Answer{404, {}, "not found"};
    return Answer{401,
                  {{"WWW-Authenticate", "Bearer realm=\"" + realm + "\""}}};
  });
  url_ = other.url();
  const absl::Status status = Make()->Verify().status();
  EXPECT_EQ(CodeOf(status), "RegistryVersionError");
  EXPECT_THAT(std::string(status.message()), HasSubstr("GitLab's own address"));
}

TEST_F(GitLabRegistryTest, APortalsWebPageIsANetworkError) {
  simulator_.intercept_gitlab = [](const SeenRequest&) {
    return Answer{200, {}, "<html>pay here</html>", "text/html"};
  };
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "NetworkConnectError/Protocol");
}

TEST_F(GitLabRegistryTest, AWrongTokenIsToldAndNothingMoreIsTried) {
  groups_ = {{"team-a", "wrong"}, {"team-b", "wrong too"}};
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(simulator_.failed_logins(), 1);
  EXPECT_EQ(clock_.Slept(), absl::ZeroDuration());
}

TEST_F(GitLabRegistryTest, ARevokedTokenIsABadLogin) {
  simulator_.content.tokens["team-a-token"].active = false;
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "FailedToVerifyUsernameOrPwd");
}

TEST_F(GitLabRegistryTest, ATokenThatSaysItIsInactiveIsABadLogin) {
  simulator_.intercept_gitlab =
      [](const SeenRequest& request) -> std::optional<Answer> {
    if (!request.target.ends_with("/self")) return std::nullopt;
    return Answer{200, {}, R"({"active":false,"scopes":["read_api"]})"};
  };
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "FailedToVerifyUsernameOrPwd");
}

TEST_F(GitLabRegistryTest, AGitLabBefore155VerifiesByTheUser) {
  simulator_.self_endpoint = false;
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "ok");
  groups_ = {{"team-a", "wrong"}};
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "FailedToVerifyUsernameOrPwd");
}

TEST_F(GitLabRegistryTest, ABanIsNoBadLogin) {
  groups_ = {{"team-a", "wrong"}};
  for (int i = 0; i < 300; ++i) (void)Make()->Verify();
  ASSERT_TRUE(simulator_.banned());
  groups_ = {{"team-a", "team-a-token"}};
  const absl::Status status = Make()->Verify().status();
  EXPECT_EQ(CodeOf(status), "NetworkConnectError/Protocol");
  EXPECT_THAT(std::string(status.message()), HasSubstr("15 minutes"));
}

TEST_F(GitLabRegistryTest, ABanInMidRunIsToBeWaitedFor) {
  auto registry = Make();
  ASSERT_TRUE(registry->ListRepositories("").ok());
  simulator_.intercept_gitlab = [](const SeenRequest&) {
    return Answer{403, {}, "Forbidden\n", "text/plain"};
  };
  const absl::Status status = registry->ListRepositories("").status();
  EXPECT_EQ(CodeOf(status), "RateLimited");
  EXPECT_EQ(base::RetryAfterOf(status), absl::Minutes(15));
}

TEST_F(GitLabRegistryTest, AGroupThatTheTokenMayNotSeeIsNoAdmin) {
  groups_ = {{"team-b", "team-a-token"}};
  const absl::Status status = Make()->Verify().status();
  EXPECT_EQ(CodeOf(status), "UserDoesNotHaveAdminRole");
  EXPECT_THAT(std::string(status.message()), HasSubstr("team-b"));
}

TEST_F(GitLabRegistryTest, ARoleBelowReporterIsNoAdmin) {
  simulator_.content.tokens["team-a-token"].access_level = 10;
  const absl::Status status = Make()->Verify().status();
  EXPECT_EQ(CodeOf(status), "UserDoesNotHaveAdminRole");
  EXPECT_THAT(std::string(status.message()), HasSubstr("Reporter"));
}

TEST_F(GitLabRegistryTest, APersonWhoIsNoAdministratorIsTold) {
  simulator_.content.tokens["mine"] = {.username = "me"};
  groups_.clear();
  password_ = "mine";
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "UserDoesNotHaveAdminRole");
}

TEST_F(GitLabRegistryTest, ATokenWithoutReadApiIsNoAdmin) {
  simulator_.content.tokens["team-a-token"].scopes = {"read_registry"};
  const absl::Status status = Make()->Verify().status();
  EXPECT_EQ(CodeOf(status), "UserDoesNotHaveAdminRole");
  EXPECT_THAT(std::string(status.message()), HasSubstr("read_api"));
}

TEST_F(GitLabRegistryTest, ScopesAndExpiryThatWillHurtAreNoted) {
  auto& token = simulator_.content.tokens["team-a-token"];
  token.scopes = {"read_api"};
  token.expires_at = "2023-11-20";  // the clock says 2023-11-14
  const auto verified = Make()->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_THAT(verified->note, HasSubstr("read_registry"));
  EXPECT_THAT(verified->note, HasSubstr("expires on 2023-11-20"));
  token = {.expires_at = "2024-11-20", .group = "team-a"};
  EXPECT_EQ(Make()->Verify()->note, "");
}

TEST_F(GitLabRegistryTest, ARegistryThatCannotBeReachedIsANetworkError) {
  simulator_.registry_location = "127.0.0.1:1";
  EXPECT_EQ(CodeOf(Make()->Verify().status()), "NetworkConnectError/Connect");
}

TEST_F(GitLabRegistryTest, NestedRepositoriesOfAllGroupsAreListed) {
  groups_ = {{"library", "library-token"},
             {"team-a", "team-a-token"},
             {"team-b", "team-b-token"}};
  EXPECT_EQ(AllRepositories(*Make()), kEverything);
}

TEST_F(GitLabRegistryTest, AnAdministratorListsAllGroups) {
  groups_.clear();
  password_ = "admin-token";
  EXPECT_EQ(AllRepositories(*Make()), kEverything);
  simulator_.largest_page = 1;  // groups and repositories in pages of one
  EXPECT_EQ(AllRepositories(*Make()), kEverything);
}

TEST_F(GitLabRegistryTest, ADeeperGroupsOwnTokenIsTheOneForIt) {
  groups_ = {{"team-a", "team-a-token"}, {"team-a/sub", "team-a/sub-token"}};
  password_ = "admin-token";
  auto registry = Make();
  EXPECT_THAT(AllRepositories(*registry),
              UnorderedElementsAre("library/app", "team-a/app",
                                   "team-a/sub/deep/app", "team-b/tools"));
  ASSERT_TRUE(registry->ListArtifacts("team-a/sub/deep/app", "").ok());
  EXPECT_EQ(UserOfLastPullToken(), "team-a/sub-token");
}

TEST_F(GitLabRegistryTest, ANewObjectGoesOnFromEveryCursor) {
  simulator_.largest_page = 1;
  groups_ = {{"team-a", "team-a-token"}};
  password_ = "admin-token";
  std::vector<std::string> names;
  std::string cursor;
  for (int i = 0; i < 50; ++i) {
    const auto page = Make()->ListRepositories(cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& entry : page->repositories) names.push_back(entry.name);
    if (page->complete) break;
    cursor = page->next_cursor;
  }
  EXPECT_THAT(names,
              UnorderedElementsAre("library/app", "team-a/app",
                                   "team-a/sub/deep/app", "team-b/tools"));
}

TEST_F(GitLabRegistryTest, CursorsOfSomethingElseAreRefused) {
  for (const char* cursor :
       {"x", "team-a 1 0 0 0", "gone 1 0 1 -1", "team-a 1 0 1 -1 7"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Make()->ListRepositories(cursor).status()))
        << cursor;
  }
}

TEST_F(GitLabRegistryTest, WhatIsBeingDeletedIsNotListed) {
  simulator_.content.repositories["team-a/app"].status = "delete_scheduled";
  EXPECT_THAT(AllRepositories(*Make()), ElementsAre("team-a/sub/deep/app"));
}

TEST_F(GitLabRegistryTest, AListingWithoutTotalsIsReadToItsEnd) {
  simulator_.rows_without_totals = 0;  // as above 10,000 rows
  simulator_.largest_page = 1;
  EXPECT_THAT(AllRepositories(*Make()),
              ElementsAre("team-a/app", "team-a/sub/deep/app"));
}

TEST_F(GitLabRegistryTest, RepositoriesThatMoveUpAreNotMissed) {
  simulator_.largest_page = 1;
  auto registry = Make();
  const auto first = registry->ListRepositories("");
  ASSERT_TRUE(first.ok());
  // Now the second is where the first was, and page 2 is empty.
  simulator_.content.repositories.erase("team-a/app");
  std::set<std::string> names;
  std::string cursor = first->next_cursor;
  bool complete = false;
  for (int i = 0; i < 10 && !complete; ++i) {
    const auto page = registry->ListRepositories(cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& entry : page->repositories) names.insert(entry.name);
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_TRUE(complete);
  EXPECT_THAT(names, ElementsAre("team-a/sub/deep/app"));
}

TEST_F(GitLabRegistryTest, ANextPageThatIsThisOneIsNoEnd) {
  InterceptListing({200, {{"X-Next-Page", "1"}}, "[]"});
  EXPECT_EQ(CodeOf(Make()->ListRepositories("").status()),
            "NetworkError/Protocol");
}

TEST_F(GitLabRegistryTest, LostRightsAreNoEmptyListing) {
  simulator_.content.tokens["team-a-token"].group = "team-b";
  EXPECT_EQ(CodeOf(Make()->ListRepositories("").status()), "Unauthorized");
  simulator_.content.tokens["team-a-token"] = {.group = "team-a",
                                               .access_level = 10};
  EXPECT_EQ(CodeOf(Make()->ListRepositories("").status()), "Unauthorized");
}

TEST_F(GitLabRegistryTest, WhoIsNoAdministratorAnyMoreListsNothing) {
  simulator_.content.tokens["admin-token"] = {.group = "team-a"};
  groups_.clear();
  password_ = "admin-token";
  EXPECT_EQ(CodeOf(Make()->ListRepositories("").status()), "Unauthorized");
}

TEST_F(GitLabRegistryTest, HtmlInPlaceOfAListIsAnError) {
  InterceptListing({200, {}, "<!DOCTYPE html>", "text/html"});
  EXPECT_EQ(CodeOf(Make()->ListRepositories("").status()),
            "NetworkError/Protocol");
}

TEST_F(GitLabRegistryTest, APlainTextThatAsksToComeBackIsHonoured) {
  int left = 2;
  simulator_.intercept_gitlab =
      [&](const SeenRequest& request) -> std::optional<Answer> {
    if (!request.Header("PRIVATE-TOKEN").empty() && left-- > 0) {
      return Answer{429, {{"Retry-After", "7"}}, "Retry later\n", "text/plain"};
    }
    return std::nullopt;
  };
  EXPECT_TRUE(Make()->ListRepositories("").ok());
  EXPECT_EQ(clock_.Slept(), absl::Seconds(14));
}

TEST_F(GitLabRegistryTest, ARateLimitWithoutRetryAfterIsBackedOffFrom) {
  InterceptListing({429, {}, "Retry later\n", "text/plain"});
  EXPECT_EQ(CodeOf(Make()->ListRepositories("").status()), "RateLimited");
  EXPECT_GT(clock_.Slept(), absl::ZeroDuration());
}

TEST_F(GitLabRegistryTest, ARevokedTokenIsNotTriedForEveryImage) {
  auto registry = Make();
  ASSERT_TRUE(registry->ResolveTag("team-a/app", "multi").ok());
  simulator_.content.tokens["team-a-token"].active = false;
  clock_.Advance(absl::Minutes(10));  // the pull token is of no use any more
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(base::FailureCodeOf(
                  registry->ResolveTag("team-a/app", "multi").status()),
              base::FailureCode::kUnauthorized);
  }
  EXPECT_LE(simulator_.failed_logins(), 5);
}

TEST_F(GitLabRegistryTest, PullTokensOfFiveMinutesAreRenewed) {
  auto registry = Make();
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(registry->ResolveTag("team-a/app", "multi").ok());
    EXPECT_TRUE(registry->ListArtifacts("team-a/app", "").ok());
    clock_.Advance(absl::Minutes(6));
  }
}

// What a hostile registry would want.
TEST_F(GitLabRegistryTest, TheRegistryNeverSeesAnAccessToken) {
  bool ask_for_basic = false;
  simulator_.intercept_registry =
      [&](const SeenRequest&) -> std::optional<Answer> {
    if (!ask_for_basic) return std::nullopt;
    return Answer{401, {{"WWW-Authenticate", "Basic realm=\"r\""}}, ""};
  };
  auto registry = Make();
  ASSERT_TRUE(registry->ListArtifacts("team-a/app", "").ok());
  ask_for_basic = true;
  EXPECT_EQ(CodeOf(registry->ResolveTag("team-a/app", "multi").status()),
            "Unauthorized");
  for (const SeenRequest& request : simulator_.SeenByRegistry()) {
    EXPECT_EQ(request.Header("PRIVATE-TOKEN"), "");
    EXPECT_FALSE(request.Header("Authorization").starts_with("Basic"));
  }
}

TEST_F(GitLabRegistryTest, ARegistryOfAnotherNameTakesItsTokensFromGitLab) {
  simulator_.registry_location =
      "localhost:" + std::to_string(simulator_.registry_url().port);
  auto registry = Make();
  EXPECT_EQ(CodeOf(registry->Verify().status()), "ok");
  EXPECT_TRUE(registry->ListArtifacts("team-a/app", "").ok());
  EXPECT_TRUE(registry->ResolveTag("team-a/app", "multi").ok());
}

TEST_F(GitLabRegistryTest, AnImageIsPulledWithItsDigestsChecked) {
  auto registry = Make();
  const auto digest = registry->ResolveTag("team-a/sub/deep/app", "1.0");
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(PullAll(*registry, "team-a/sub/deep/app", *digest), "ok");
}

TEST_F(GitLabRegistryTest, NothingIsPulledWithoutATokenForTheGroup) {
  auto registry = Make();
  EXPECT_EQ(CodeOf(registry->ResolveTag("team-b/tools", "odd").status()),
            "Unauthorized");
  EXPECT_EQ(CodeOf(registry->ListArtifacts("team-a", "").status()),
            "Unauthorized");
  EXPECT_TRUE(
      absl::IsInvalidArgument(registry->ListArtifacts("../x", "").status()));
}

TEST_F(GitLabRegistryTest, AConnectionNeedsATokenAndGroupsThatCanBe) {
  groups_.clear();
  EXPECT_FALSE(NewGitLabRegistry(MakeConnection(), clock_).ok());
  groups_ = {{"a b", "t"}};
  EXPECT_FALSE(NewGitLabRegistry(MakeConnection(), clock_).ok());
  groups_ = {{"Team-A", "t"}};
  EXPECT_TRUE(NewGitLabRegistry(MakeConnection(), clock_).ok());
}

}  // namespace
}  // namespace landwaiter::agent::registry::gitlab
