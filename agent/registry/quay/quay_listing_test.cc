// Repositories and tags of a Quay, through its API and its catalog.
#include <algorithm>
#include <map>

#include "agent/registry/quay/testing.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::quay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

class QuayListingTest : public QuayTest {
 protected:
  ListedArtifacts Artifacts(const std::string& repository) {
    return AllArtifacts([this] { return Make(); }, repository);
  }
  void AddTags(const std::string& repository, int tags) {
    const auto digest = quay_.content.PushImage(repository, "t000");
    for (int i = 1; i < tags; ++i) {
      quay_.content.Tag(repository, base::StrCat("t", 1000 + i), digest);
    }
    quay_.TakeUpContent();
  }
  void AddRepositories(const std::string& name_space, int count) {
    for (int i = 0; i < count; ++i) {
      quay_.content.PushImage(base::StrCat(name_space, "/r", 1000 + i), "v1");
    }
    quay_.TakeUpContent();
  }
  std::string ErrorOf(const std::string& cursor) {
    return CodeOf(Make()->ListRepositories(cursor).status());
  }
};

TEST_F(QuayListingTest, OrganizationsAreListedWithTheirNestedNames) {
  EXPECT_THAT(Repositories(),
              ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                          "team-b/tools"));
}

TEST_F(QuayListingTest, EachOrganizationIsAskedForWithItsOwnToken) {
  quay_.users["bob"] = {.password = "p"};
  quay_.organizations["team-a"].owners = {"bob"};
  quay_.tokens["bob-token"] = {.user = "bob",
                               .scopes = {"repo:read", "org:admin"}};
  connection_.tokens[1].token = "bob-token";
  EXPECT_EQ(Verify(), "ok");
  EXPECT_THAT(Repositories(),
              ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                          "team-b/tools"));
  EXPECT_THAT(Artifacts("team-a/sub/deep/app").error, "");
  for (const auto& request : quay_.server.Seen()) {
    if (!base::Contains(request.target, "/team-a")) continue;
    EXPECT_EQ(request.Header("Authorization"), "Bearer bob-token");
  }
}

TEST_F(QuayListingTest, EveryPageIsResumedFromItsCursor) {
  quay_.page_size = 1;
  EXPECT_THAT(Repositories(),
              ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                          "team-b/tools"));
}

TEST_F(QuayListingTest, TheEmptyListOfABadTokenIsNeverComplete) {
  quay_.tokens["alice-token"].revoked = true;
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
  quay_.tokens["alice-token"].revoked = false;
  quay_.users["alice"].enabled = false;
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
}

TEST_F(QuayListingTest, TheShortListOfAFormerOwnerIsNeverComplete) {
  connection_.tokens = {{"team-a", "alice-token"}};
  quay_.organizations["team-a"].owners = {"bob"};
  quay_.organizations["team-a"].members = {"alice"};
  quay_.Find("team-a/app")->readers = {"alice"};
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
}

TEST_F(QuayListingTest, TheEmptyListOfASuperUserIsNeverComplete) {
  quay_.users["alice"].super_user = true;
  quay_.tokens["alice-token"].scopes.insert("super:user");
  quay_.organizations["library"].owners = {"bob"};
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
}

TEST_F(QuayListingTest, AnOwnersEmptyOrganizationIsComplete) {
  quay_.organizations["empty"].owners = {"alice"};
  connection_.tokens = {{"empty", "alice-token"}};
  EXPECT_THAT(Repositories(), IsEmpty());
}

TEST_F(QuayListingTest, AForgottenPageBeginsTheListAgain) {
  quay_.page_size = 1;
  connection_.tokens = {{"team-a", "alice-token"}};
  const auto page = Make()->ListRepositories("");
  ASSERT_TRUE(page.ok());
  quay_.forgets_pages = true;
  const auto again = Make()->ListRepositories(page->next_cursor);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_THAT(again->repositories, IsEmpty());
  EXPECT_FALSE(again->complete);
  quay_.forgets_pages = false;
  EXPECT_THAT(Repositories(again->next_cursor),
              ElementsAre("team-a/app", "team-a/sub/deep/app"));
}

TEST_F(QuayListingTest, AListThatAlwaysBeginsAgainEndsInAnError) {
  quay_.page_size = 1;
  connection_.tokens = {{"team-a", "alice-token"}};
  quay_.forgets_pages = true;
  EXPECT_EQ(Repositories().back(), "NetworkError/Protocol");
}

// Quay's answer is an empty page with status 200, the last by its looks.
TEST_F(QuayListingTest, AnotherUsersPageIsNotTheEndOfTheList) {
  quay_.users["bob"] = {.password = "p"};
  quay_.organizations["team-a"].owners.insert("bob");
  quay_.tokens["bob-token"] = {.user = "bob",
                               .scopes = {"repo:read", "org:admin"}};
  quay_.page_size = 1;
  connection_.tokens = {{"team-a", "alice-token"}};
  const auto page = Make()->ListRepositories("");
  ASSERT_TRUE(page.ok());
  connection_.tokens = {{"team-a", "bob-token"}};
  EXPECT_THAT(Repositories(page->next_cursor),
              ElementsAre("team-a/app", "team-a/sub/deep/app"));
}

TEST_F(QuayListingTest, ApplicationsAndWhatIsBeingDeletedAreLeftOut) {
  quay_.Find("team-a/app")->kind = "application";
  quay_.Find("team-a/sub/deep/app")->state = "MARKED_FOR_DELETION";
  quay_.Find("team-b/tools")->state = "READ_ONLY";
  EXPECT_THAT(Repositories(), ElementsAre("library/app", "team-b/tools"));
}

// last_modified stays the same when any but the newest tag is deleted.
TEST_F(QuayListingTest, LastModifiedIsNoState) {
  const auto page = Make()->ListRepositories("");
  ASSERT_TRUE(page.ok());
  for (const auto& entry : page->repositories) EXPECT_EQ(entry.state, "");
}

TEST_F(QuayListingTest, TagsComeWithDigestSizeAndTime) {
  const ListedArtifacts listed = Artifacts("team-a/app");
  ASSERT_EQ(listed.error, "");
  const auto& stored = quay_.content.repositories["team-a/app"];
  ASSERT_EQ(listed.tags.size(), stored.tags.size());
  for (const auto& [name, tag] : stored.tags) {
    ASSERT_TRUE(listed.tags.contains(name)) << name;
    EXPECT_EQ(listed.tags.at(name), tag.digest);
    const auto& entry = listed.manifests.at(tag.digest);
    EXPECT_EQ(entry.pushed, tag.pushed);
    EXPECT_EQ(entry.media_type, "");
    const auto& manifest = stored.manifests.at(tag.digest);
    EXPECT_EQ(entry.size, test::quay::IsIndex(manifest)
                              ? 0
                              : test::quay::LayerSize(manifest));
  }
}

TEST_F(QuayListingTest, TagsComeInPagesOf100) {
  AddTags("team-b/big", 250);
  const ListedArtifacts listed = Artifacts("team-b/big");
  EXPECT_EQ(listed.error, "");
  EXPECT_EQ(listed.tags.size(), 250u);
  EXPECT_EQ(listed.pages, 3);
}

TEST_F(QuayListingTest, DeadTagsAreNotListed) {
  quay_.DeleteTag("library/app", "v2", quay_.content.now);
  EXPECT_THAT(Artifacts("library/app").tags,
              UnorderedElementsAre(testing::Key("v1"), testing::Key("latest")));
}

TEST_F(QuayListingTest, NoRequestRunsIntoTheRedirectOfAMissingSlash) {
  quay_.redirects_name = "quay.internal";  // plain http, and another host
  EXPECT_EQ(Verify(), "ok");
  EXPECT_EQ(Repositories().size(), 4u);
  EXPECT_EQ(Artifacts("team-a/sub/deep/app").error, "");
}

TEST_F(QuayListingTest, ATagListWithoutRightsIsAnError) {
  quay_.organizations["team-a"].owners = {"bob"};
  EXPECT_EQ(Artifacts("team-a/app").error, "Unauthorized");
  quay_.tokens["alice-token"].revoked = true;
  EXPECT_EQ(Artifacts("team-a/app").error, "Unauthorized");
}

TEST_F(QuayListingTest, ARepositoryThatIsGoneIsNotFound) {
  quay_.DeleteRepository("team-a/app");
  EXPECT_EQ(Artifacts("team-a/app").error, "NotFound");
}

TEST_F(QuayListingTest, ARepositoryNeverPushedToIsEmpty) {
  quay_.repositories.push_back({.name = "team-a/new"});
  const ListedArtifacts listed = Artifacts("team-a/new");
  EXPECT_EQ(listed.error, "");
  EXPECT_THAT(listed.tags, IsEmpty());
}

TEST_F(QuayListingTest, WhatIsNotTheListIsNotAnEmptyOne) {
  for (const char* body : {"<html></html>", "{}", "[]", R"({"tags":[]})",
                           R"({"tags":[],"has_additional":true})"}) {
    test::Answer answer{.status = 200, .headers = {}, .body = body};
    quay_.instead = &answer;
    EXPECT_EQ(ErrorOf(""), "NetworkError/Protocol") << body;
    EXPECT_EQ(Artifacts("team-a/app").error, "NetworkError/Protocol") << body;
  }
}

TEST_F(QuayListingTest, StrangeCursorsAreRefused) {
  for (const char* cursor : {"x", "team-a|0|", "team-a|9||x", "team-a|0|../x|x",
                             "|0||", "other|0||", "team-a|0||x&namespace=y"}) {
    EXPECT_EQ(ErrorOf(cursor), "INVALID_ARGUMENT") << cursor;
  }
  for (const char* cursor : {"x", "0", "-1", "1", "99999999999"}) {
    EXPECT_EQ(CodeOf(Make()->ListArtifacts("team-a/app", cursor).status()),
              "INVALID_ARGUMENT");
  }
  EXPECT_THAT(quay_.server.Seen(), IsEmpty());
}

TEST_F(QuayListingTest, AnAccountListsTheCatalogWithATokenWithoutScope) {
  UseAccount("alice", "password");
  EXPECT_THAT(Repositories(),
              UnorderedElementsAre("library/app", "team-a/app",
                                   "team-a/sub/deep/app", "team-b/tools"));
  EXPECT_EQ(Requests("scope="), 0u);
}

TEST_F(QuayListingTest, TheCatalogComesInPagesBehindItsOwnTokens) {
  AddRepositories("team-b", 230);
  UseAccount("alice", "password");
  EXPECT_EQ(Repositories().size(), 234u);
  EXPECT_EQ(Requests("/v2/_catalog"), 3u);
  EXPECT_EQ(Requests("last="), 0u);
}

TEST_F(QuayListingTest, ACatalogPageThatIsForgottenBeginsAgain) {
  AddRepositories("team-b", 130);
  UseAccount("alice", "password");
  const auto page = Make()->ListRepositories("");
  ASSERT_TRUE(page.ok());
  EXPECT_FALSE(page->complete);
  quay_.forgets_pages = true;
  const auto again = Make()->ListRepositories(page->next_cursor);
  ASSERT_TRUE(again.ok());
  quay_.forgets_pages = false;
  EXPECT_EQ(Repositories(again->next_cursor).size(), 134u);
  quay_.forgets_pages = true;
  EXPECT_EQ(Repositories().back(), "NetworkError/Protocol");
}

TEST_F(QuayListingTest, AnEmptyCatalogIsNeverComplete) {
  quay_.robots["team-a+none"] = {.token = "robot"};
  UseAccount("team-a+none", "robot");
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
}

TEST_F(QuayListingTest, TheCatalogOfNobodyIsNeverAskedFor) {
  quay_.repositories[0].is_public = true;
  quay_.public_catalog = true;
  UseAccount("alice", "wrong");
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
  quay_.rate_limited_auths = 100;
  UseAccount("alice", "password");
  EXPECT_THAT(Repositories(), ElementsAre("RateLimited"));
  UseAccount("", "");
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
  EXPECT_EQ(Requests("/v2/_catalog"), 0u);
}

TEST_F(QuayListingTest, AShortRateLimitWithoutRetryAfterIsWaitedFor) {
  UseAccount("alice", "password");
  quay_.rate_limited_auths = 2;
  EXPECT_EQ(Repositories().size(), 4u);
}

TEST_F(QuayListingTest, ATokenOfTheCatalogThatLapsedIsRenewed) {
  UseAccount("alice", "password");
  const auto registry = Make();
  ASSERT_TRUE(registry->ListRepositories("").ok());
  quay_.signing_key = "another";
  EXPECT_EQ(CodeOf(registry->ListRepositories("").status()), "ok");
}

TEST_F(QuayListingTest, ARobotListsTheTagsOfItsRepositories) {
  quay_.robots["team-b+ci"] = {.token = "robot", .may_read = {"team-b/big"}};
  AddTags("team-b/big", 250);
  UseAccount("team-b+ci", "robot");
  EXPECT_THAT(Repositories(), ElementsAre("team-b/big"));
  EXPECT_EQ(Artifacts("team-b/big").tags.size(), 250u);
  EXPECT_EQ(Artifacts("team-a/app").error, "Unauthorized");
}

}  // namespace
}  // namespace landwaiter::agent::registry::quay
