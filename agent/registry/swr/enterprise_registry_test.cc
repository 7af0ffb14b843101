#include <set>

#include "agent/registry/swr/swr_registry.h"
#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registries/swr/simulator.h"

namespace landwaiter::agent::registry::swr {
namespace {

using test::SwrSimulator;
using testing::ElementsAre;
using testing::HasSubstr;

class SwrEnterpriseTest : public testing::Test {
 protected:
  SwrEnterpriseTest() {
    simulator_.content = test::StandardContent();
    simulator_.instances = {{"i-other", "other", "other.example.com"},
                            {"i-1", "one", "https://127.0.0.1"}};
  }

  std::unique_ptr<Registry> Make() {
    connection_.http.base = simulator_.server.url();
    connection_.api_url = simulator_.server.url().Origin();
    auto registry = NewSwrRegistry(connection_, clock_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }
  std::string Verify() { return CodeOf(Make()->Verify().status()); }

  std::vector<std::string> Names() {
    return RepositoryNames([this] { return Make(); });
  }

  base::FakeClock clock_;
  SwrSimulator simulator_{clock_};
  Connection connection_ = {.credentials = simulator_.key,
                            .region = "cn-north-4",
                            .edition = "Enterprise",
                            .instance_id = "i-1"};
};

TEST_F(SwrEnterpriseTest, AnInstanceThatTheKeyMayReadVerifies) {
  const auto verification = Make()->Verify();
  ASSERT_TRUE(verification.ok()) << verification.status();
  EXPECT_EQ(verification->detected_version, "V2");
  EXPECT_EQ(verification->note, "");
}

TEST_F(SwrEnterpriseTest, AWrongKeyIsToldAndSentOnce) {
  connection_.credentials.password = "wrong";
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd/APIGW.0301");
  EXPECT_EQ(simulator_.server.Seen().size(), 2u);  // GET / and one call
  connection_.credentials = {};
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
}

TEST_F(SwrEnterpriseTest, EachRightThatIsMissingIsFound) {
  for (const char* path :
       {"/v2/project-1/instances", "/v2/project-1/instances/i-1/repositories",
        "/v2/project-1/instances/i-1/temp-credential"}) {
    simulator_.denied = {path};
    EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole/SVCSTG.SWR.4030170") << path;
  }
  simulator_.denied = {};
  connection_.instance_id = "i-2";
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
}

TEST_F(SwrEnterpriseTest, AnotherApiIsAnotherVersionAndAnOutageIsNone) {
  simulator_.root = test::Answer{200, {}, R"({"versions":[{"id":"v1"}]})"};
  EXPECT_EQ(Verify(), "RegistryVersionError");
  simulator_.root = test::Answer{503, {}, ""};
  EXPECT_EQ(Verify(), "NetworkConnectError/Http503");
  simulator_.root = std::nullopt;
  connection_.version = "V1";
  EXPECT_EQ(Verify(), "RegistryVersionError/V2");
}

// The account that the API lends is the instance's own host's.
TEST_F(SwrEnterpriseTest, ALoginForAnotherHostIsNotShownToThisOne) {
  simulator_.instances = {{"i-1", "one", "one.swr-pro.myhuaweicloud.com"}};
  EXPECT_EQ(Verify(), "RegistryVersionError");
  EXPECT_FALSE(Make()->ResolveTag("library/app", "v1").ok());
  for (const auto& request : simulator_.server.Seen()) {
    EXPECT_FALSE(request.Header("Authorization").starts_with("Basic"));
  }
}

TEST_F(SwrEnterpriseTest, NestedNamesOfThreeNamespacesFromAnyCursor) {
  EXPECT_THAT(Names(), ElementsAre("library/app", "team-a/app",
                                   "team-a/sub/deep/app", "team-b/tools"));
}

TEST_F(SwrEnterpriseTest, PagesOfAHundredWhoseOffsetIsAMultiple) {
  test::RegistryContent one;
  one.PushImage("many/r", "1");
  for (int i = 0; i < 250; ++i) {
    simulator_.content.repositories[base::StrCat("many/r", 1000 + i)] =
        one.repositories["many/r"];
  }
  EXPECT_EQ(Names().size(), 254u);
  simulator_.loses_one_while_listed = true;
  const auto names = Names();
  const std::set<std::string> seen(names.begin(), names.end());
  for (const auto& [name, repository] : simulator_.content.repositories) {
    EXPECT_TRUE(seen.contains(name)) << name;
  }
}

TEST_F(SwrEnterpriseTest, NoRepositoryAtAllIsNoEmptyInventory) {
  simulator_.content.repositories.clear();
  EXPECT_THAT(Names(), ElementsAre("Unauthorized/EmptyCatalog"));
  EXPECT_EQ(Verify(), "ok");
}

// A name that is encoded once is a path of its own behind the gateway.
TEST_F(SwrEnterpriseTest, ASlashInANameIsEncodedTwice) {
  const std::string name = "team-a/sub/deep/app";
  const auto& stored = simulator_.content.repositories[name];
  const auto page = Make()->ListArtifacts(name, "");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_TRUE(page->complete);
  EXPECT_EQ(page->tags.size(), stored.tags.size());
  ASSERT_EQ(page->manifests.size(), stored.manifests.size());
  for (const auto& entry : page->manifests) {
    EXPECT_EQ(entry.pushed, stored.manifests.at(entry.digest).pushed);
    EXPECT_EQ(entry.size, stored.manifests.at(entry.digest).size);
  }
}

TEST_F(SwrEnterpriseTest, NothingIsBelievedOnlyIfTheRegistrySaysSoToo) {
  simulator_.blinded = {"library/app"};
  EXPECT_EQ(CodeOf(Make()->ListArtifacts("library/app", "").status()),
            "NetworkError/Listing");
  const auto gone = Make()->ListArtifacts("library/gone", "");
  ASSERT_TRUE(gone.ok()) << gone.status();
  EXPECT_TRUE(gone->complete && gone->tags.empty());
}

TEST_F(SwrEnterpriseTest, PullsWithALoginThatIsRenewed) {
  const auto registry = Make();
  const std::string name = "team-a/sub/deep/app";
  const auto digest = registry->ResolveTag(name, "1.0");
  ASSERT_TRUE(digest.ok()) << digest.status();
  clock_.Advance(absl::Hours(7));
  EXPECT_EQ(PullAll(*registry, name, *digest), "ok");
}

TEST_F(SwrEnterpriseTest, WhatIsNoIdOrCursorIsRefused) {
  EXPECT_FALSE(Make()->ListRepositories("x").ok());
  EXPECT_FALSE(Make()->ListArtifacts("library/app", "x").ok());
  EXPECT_FALSE(Make()->ListArtifacts("nonamespace", "").ok());
  for (const char* id : {"", "../x", "a/b"}) {
    connection_.instance_id = id;
    EXPECT_FALSE(NewSwrRegistry(connection_, clock_).ok()) << id;
  }
}

}  // namespace
}  // namespace landwaiter::agent::registry::swr
