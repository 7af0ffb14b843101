#include "agent/registry/swr/swr_registry.h"

#include <map>
#include <set>

#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/registries/swr/simulator.h"

namespace landwaiter::agent::registry::swr {
namespace {

using test::SwrSimulator;
using testing::ElementsAre;
using testing::HasSubstr;

class SwrRegistryTest : public testing::Test {
 protected:
  SwrRegistryTest() { simulator_.content = test::StandardContent(); }

  std::unique_ptr<Registry> Make() {
    connection_.http.base = simulator_.server.url();
    connection_.api_url = simulator_.server.url().Origin();
    auto registry = NewSwrRegistry(connection_, clock_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }
  std::string Verify() { return CodeOf(Make()->Verify().status()); }

  std::map<std::string, std::string> Repositories() {
    return RepositoryStates([this] { return Make(); });
  }
  std::vector<std::string> Names() {
    return RepositoryNames([this] { return Make(); });
  }
  std::map<std::string, model::Digest> Tags(const std::string& repository) {
    const ListedArtifacts listed =
        AllArtifacts([this] { return Make(); }, repository);
    if (!listed.error.empty()) return {{listed.error, {}}};
    return listed.tags;
  }
  void PushRepositories(int count) {
    test::RegistryContent one;
    one.PushImage("many/r", "1");
    for (int i = 0; i < count; ++i) {
      simulator_.content.repositories[base::StrCat("many/r", 10000 + i)] =
          one.repositories["many/r"];
    }
  }

  base::FakeClock clock_;
  SwrSimulator simulator_{clock_};
  Connection connection_ = {.credentials = simulator_.key,
                            .region = "cn-north-4"};
};

TEST_F(SwrRegistryTest, VerifiesAnAccountThatManagesEachOrganization) {
  const auto verification = Make()->Verify();
  ASSERT_TRUE(verification.ok()) << verification.status();
  EXPECT_EQ(verification->detected_version, "V2");
  EXPECT_EQ(verification->note, "");
}

TEST_F(SwrRegistryTest, AWrongKeyIsToldAndSentOnce) {
  connection_.credentials.password = "wrong";
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd/APIGW.0301");
  EXPECT_EQ(simulator_.server.Seen().size(), 2u);  // GET / and one call
  connection_.credentials = {"other", "sk"};
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd/APIGW.0301");
  connection_.credentials = {};
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
}

TEST_F(SwrRegistryTest, AnOrganizationThatIsOnlyReadIsARoleThatIsMissing) {
  for (const int auth : {1, 3}) {
    simulator_.auth["team-a"] = auth;
    const absl::Status status = Make()->Verify().status();
    EXPECT_EQ(CodeOf(status), "UserDoesNotHaveAdminRole");
    EXPECT_THAT(std::string(status.message()), HasSubstr("team-a"));
  }
}

TEST_F(SwrRegistryTest, AKeyWithoutAnyPermissionLacksTheRole) {
  connection_.credentials = simulator_.powerless_key;
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole/SVCSTG.SWR.4030170");
}

TEST_F(SwrRegistryTest, EachRightThatIsMissingIsFound) {
  for (const char* path :
       {"/v2/manage/namespaces", "/v2/manage/utils/secret"}) {
    simulator_.denied = {path};
    EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole/SVCSTG.SWR.4030170") << path;
  }
}

TEST_F(SwrRegistryTest, AnotherApiIsAnotherVersion) {
  simulator_.root = test::Answer{404, {}, "{}"};
  EXPECT_EQ(Verify(), "RegistryVersionError");
  simulator_.root = test::Answer{200, {}, R"({"versions":[{"id":"v1"}]})"};
  EXPECT_EQ(Verify(), "RegistryVersionError");
  simulator_.root = std::nullopt;
  connection_.version = "V1";
  EXPECT_EQ(Verify(), "RegistryVersionError/V2");
}

TEST_F(SwrRegistryTest, ALoginForAnotherHostIsNotShownToThisOne) {
  simulator_.login_host = "swr.cn-north-4.myhuaweicloud.com";
  EXPECT_EQ(Verify(), "RegistryVersionError");
  EXPECT_FALSE(Make()->ResolveTag("library/app", "v1").ok());
  for (const auto& request : simulator_.server.Seen()) {
    EXPECT_FALSE(request.Header("Authorization").starts_with("Basic"));
  }
}

TEST_F(SwrRegistryTest, AWebPageOrAnOutageIsNoAnswer) {
  simulator_.root = test::Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(Verify(), "NetworkConnectError/Protocol");
  simulator_.root = test::Answer{503, {}, ""};
  EXPECT_EQ(Verify(), "NetworkConnectError/Http503");
}

TEST_F(SwrRegistryTest, AClockThatIsWrongIsNoWrongKey) {
  base::FakeClock fast(clock_.Now() + absl::Hours(1));
  Make();
  const auto registry = NewSwrRegistry(connection_, fast);
  EXPECT_EQ(CodeOf((*registry)->Verify().status()),
            "NetworkConnectError/ClockSkew");
}

TEST_F(SwrRegistryTest, TheRegionIsThatOfTheHostOrMustBeGiven) {
  Connection connection;
  connection.http.base =
      *http::Url::Parse("https://swr.eu-west-101.myhuaweicloud.com");
  EXPECT_TRUE(NewSwrRegistry(connection, clock_).ok());
  connection.http.base = *http::Url::Parse("https://registry.example.com");
  EXPECT_FALSE(NewSwrRegistry(connection, clock_).ok());
  connection.region = "evil.example.com/";
  EXPECT_FALSE(NewSwrRegistry(connection, clock_).ok());
}

TEST_F(SwrRegistryTest, ListsNestedNamesOfThreeOrganizations) {
  EXPECT_THAT(Names(), ElementsAre("library/app", "team-a/app",
                                   "team-a/sub/deep/app", "team-b/tools"));
}

TEST_F(SwrRegistryTest, AStateChangesWithAPushAndWithADeletion) {
  const auto before = Repositories();
  simulator_.content.PushImage("library/app", "v3", {.label = "v3"});
  const auto pushed = Repositories();
  simulator_.content.repositories["library/app"].tags.erase("v1");
  const auto deleted = Repositories();
  EXPECT_NE(before.at("library/app"), pushed.at("library/app"));
  EXPECT_NE(pushed.at("library/app"), deleted.at("library/app"));
  EXPECT_EQ(before.at("team-a/app"), deleted.at("team-a/app"));
}

TEST_F(SwrRegistryTest, PagesOfAThousandWithAndWithoutATotal) {
  PushRepositories(2100);
  for (const bool tells : {true, false}) {
    simulator_.tells_total = tells;
    EXPECT_EQ(Names().size(), 2104u);
  }
}

TEST_F(SwrRegistryTest, ARepositoryThatSlidOverTheBorderOfAPageIsSeen) {
  PushRepositories(2100);
  simulator_.loses_one_while_listed = true;
  const auto states = Repositories();
  for (const auto& [name, r] : simulator_.content.repositories) {
    EXPECT_TRUE(states.contains(name)) << name;
  }
}

TEST_F(SwrRegistryTest, LostRightsAreNoShortList) {
  simulator_.auth["team-b"] = 1;
  EXPECT_THAT(Names(), ElementsAre("Unauthorized"));
  simulator_.auth.clear();
  simulator_.denied = {"/v2/manage/repos"};
  EXPECT_THAT(Names(), ElementsAre("Unauthorized/SVCSTG.SWR.4030170"));
}

TEST_F(SwrRegistryTest, CursorsOfAnotherKindAreRefused) {
  EXPECT_FALSE(Make()->ListRepositories("x").ok());
  EXPECT_FALSE(Make()->ListArtifacts("library/app", "x").ok());
  EXPECT_FALSE(Make()->ListArtifacts("../x", "").ok());
  EXPECT_FALSE(Make()->ListArtifacts("nonamespace", "").ok());
}

TEST_F(SwrRegistryTest, ASlashInANameIsADollarInThePath) {
  EXPECT_EQ(Tags("team-a/sub/deep/app").size(), 3u);
}

TEST_F(SwrRegistryTest, TagsComeUnderACapitalTagWithDigestAndTime) {
  const auto page = Make()->ListArtifacts("library/app", "");
  ASSERT_TRUE(page.ok()) << page.status();
  const auto& stored = simulator_.content.repositories["library/app"];
  ASSERT_EQ(page->tags.size(), 3u);
  EXPECT_EQ(page->tags[2].name, "v2");
  EXPECT_EQ(page->tags[2].digest, stored.tags.at("v2").digest);
  EXPECT_EQ(page->manifests[2].pushed, stored.tags.at("v2").pushed);
  EXPECT_EQ(page->manifests[2].media_type, "");
}

TEST_F(SwrRegistryTest, ARepositoryThatIsGoneIsNotFound) {
  EXPECT_THAT(Tags("library/gone").begin()->first, HasSubstr("NotFound"));
}

TEST_F(SwrRegistryTest, ALoginIsKeptForAsLongAsItIsGood) {
  const auto registry = Make();
  for (int hour = 0; hour < 4; ++hour) {
    EXPECT_TRUE(registry->ResolveTag("library/app", "v1").ok());
    clock_.Advance(absl::Hours(1));
  }
  int logins = 0;
  for (const auto& request : simulator_.server.Seen()) {
    logins += base::Contains(request.target, "/utils/secret") ? 1 : 0;
  }
  EXPECT_EQ(logins, 1);
}

TEST_F(SwrRegistryTest, PullsWithALoginThatIsRenewed) {
  const auto registry = Make();
  const std::string name = "team-a/sub/deep/app";
  const auto digest = registry->ResolveTag(name, "1.0");
  ASSERT_TRUE(digest.ok()) << digest.status();
  clock_.Advance(absl::Hours(7));
  EXPECT_EQ(PullAll(*registry, name, *digest), "ok");
}

}  // namespace
}  // namespace landwaiter::agent::registry::swr
