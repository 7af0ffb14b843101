#include "agent/registry/jfrog/jfrog_registry.h"

#include <map>
#include <set>

#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/registries/jfrog/simulator.h"

namespace landwaiter::agent::registry::jfrog {
namespace {

using test::JfrogSimulator;
using testing::ElementsAre;
using testing::HasSubstr;

class JfrogRegistryTest : public testing::Test {
 protected:
  JfrogRegistryTest() {
    simulator_.repositories["docker-local"].content = test::StandardContent();
  }

  Connection Settings() {
    Connection connection;
    connection.http.base = simulator_.server.url();
    connection.credentials = {user_, password_};
    return connection;
  }
  std::unique_ptr<Registry> Make() {
    auto registry = NewJfrogRegistry(Settings(), clock_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }
  std::string Verify() { return CodeOf(Make()->Verify().status()); }

  std::vector<std::string> Repositories() {
    return RepositoryNames([this] { return Make(); });
  }
  ListedArtifacts Artifacts(const std::string& repository) {
    return AllArtifacts([this] { return Make(); }, repository);
  }
  test::RegistryContent& Local() {
    return simulator_.repositories["docker-local"].content;
  }
  void PushMany(int tags) {
    const auto digest = Local().PushImage("big/app", "t0000");
    for (int i = 1; i < tags; ++i) {
      std::string number = std::to_string(i);
      number.insert(0, 4 - std::min<size_t>(4, number.size()), '0');
      Local().Tag("big/app", "t" + number, digest);
    }
  }

  base::FakeClock clock_;
  JfrogSimulator simulator_;
  std::string user_ = "admin";
  std::string password_ = "password";
};

TEST_F(JfrogRegistryTest, VerifiesAnAdministratorByTheNewAndTheOldProbe) {
  for (const char* version : {"7.90.1", "7.41.0", "6.23.0"}) {
    simulator_.version = version;
    const auto verification = Make()->Verify();
    EXPECT_EQ(CodeOf(verification.status()), "ok") << version;
    EXPECT_EQ(verification->detected_version, "V2");
    EXPECT_EQ(verification->note, "");
  }
}

TEST_F(JfrogRegistryTest, AWrongPasswordIsToldAndSentOnce) {
  password_ = "wrong";
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(simulator_.server.Seen().size(), 1u);
}

TEST_F(JfrogRegistryTest, CredentialsGoWithTheFirstRequest) {
  simulator_.anonymous_access = true;
  password_ = "wrong";
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
}

TEST_F(JfrogRegistryTest, AnOpenRegistryThatTakesAWrongPasswordForNobody) {
  simulator_.anonymous_access = true;
  simulator_.wrong_password_is_anonymous = true;
  simulator_.repositories["public"].open = true;
  EXPECT_EQ(Verify(), "ok");
  password_ = "wrong";
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd/Anonymous");
}

TEST_F(JfrogRegistryTest, WithoutAnAccountNothingIsVerified) {
  simulator_.anonymous_access = true;
  user_ = password_ = "";
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
}

TEST_F(JfrogRegistryTest, AUserWithoutAdministrationIsTold) {
  user_ = "reader";
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
  simulator_.version = "7.41.0";
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
}

TEST_F(JfrogRegistryTest, AnotherProductIsAnotherVersion) {
  test::Answer answer{404, {}, "{}"};
  simulator_.instead = &answer;
  EXPECT_EQ(Verify(), "RegistryVersionError");
  answer = {200, {}, "pong", "text/plain"};
  EXPECT_EQ(Verify(), "RegistryVersionError");
}

TEST_F(JfrogRegistryTest, TheVersionThatWasAskedForMustBeTheOneThatIsThere) {
  Connection connection = Settings();
  connection.version = "V1";
  const auto registry = NewJfrogRegistry(connection, clock_);
  const absl::Status status = (*registry)->Verify().status();
  EXPECT_EQ(CodeOf(status), "RegistryVersionError/V2");
  EXPECT_THAT(std::string(status.message()), HasSubstr("V2"));
}

TEST_F(JfrogRegistryTest, AWebPageIsNoRegistry) {
  test::Answer answer{200, {}, "<html>log in</html>", "text/html"};
  simulator_.instead = &answer;
  EXPECT_EQ(Verify(), "NetworkConnectError/Protocol");
}

TEST_F(JfrogRegistryTest, ARegistryThatIsDownIsToldSo) {
  test::Answer answer{503, {}, ""};
  simulator_.instead = &answer;
  EXPECT_EQ(Verify(), "NetworkConnectError/Http503");
}

TEST_F(JfrogRegistryTest, ListsNestedNamesOfThreeProjects) {
  EXPECT_THAT(Repositories(),
              ElementsAre("docker-local/library/app", "docker-local/team-a/app",
                          "docker-local/team-a/sub/deep/app",
                          "docker-local/team-b/tools"));
}

TEST_F(JfrogRegistryTest, LocalThenRemoteByTheirCacheAndNothingTwice) {
  auto& repositories = simulator_.repositories;
  const auto one_image = [](const std::string& name) {
    test::RegistryContent content;
    content.PushImage(name, "1");
    return content;
  };
  repositories.clear();
  repositories["b-local"].content = one_image("b");
  repositories["a-remote"] = {.type = "REMOTE", .content = one_image("r")};
  repositories["all"] = {.type = "VIRTUAL", .content = one_image("b")};
  repositories["c-fed"] = {.type = "FEDERATED", .content = one_image("f")};
  repositories["oci-local"] = {.package = "oci", .content = one_image("o")};
  repositories["maven"].package = "maven";
  EXPECT_THAT(Repositories(), ElementsAre("b-local/b", "c-fed/f", "oci-local/o",
                                          "a-remote-cache/r"));
  EXPECT_EQ(Artifacts("a-remote-cache/r").tags.size(), 1u);
  EXPECT_EQ(Artifacts("oci-local/o").tags.size(), 1u);
}

TEST_F(JfrogRegistryTest, AKeyThatNoImageCanBeNamedByIsToldOf) {
  simulator_.repositories["Upper-Case"].content = test::StandardContent();
  EXPECT_EQ(Repositories().size(), 4u);
  EXPECT_THAT(Make()->Verify()->note, HasSubstr("Upper-Case"));
}

TEST_F(JfrogRegistryTest, LostRightsAreNoShortList) {
  simulator_.repositories["public"].open = true;
  simulator_.users["admin"].admin = false;
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
  simulator_.users["admin"].admin = true;
  simulator_.anonymous_access = true;
  simulator_.wrong_password_is_anonymous = true;
  password_ = "changed";
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized"));
}

TEST_F(JfrogRegistryTest, AKeyThatGoesAwayWhileItIsListedIsNoEnd) {
  EXPECT_EQ(CodeOf(Make()->ListRepositories("gone/x").status()),
            "NetworkError");
}

TEST_F(JfrogRegistryTest, CursorsOfAnotherKindAreRefused) {
  for (const char* cursor : {"x", "../../x", "docker-local/../x", "K/x"}) {
    EXPECT_EQ(Make()->ListRepositories(cursor).status().code(),
              absl::StatusCode::kInvalidArgument)
        << cursor;
  }
  EXPECT_EQ(Make()->ListArtifacts("docker-local/a", "a/b").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(JfrogRegistryTest, AqlTellsDigestAndTimeOfEachTag) {
  const ListedArtifacts listed = Artifacts("docker-local/library/app");
  const auto& stored = Local().repositories["library/app"];
  ASSERT_EQ(listed.tags.size(), 3u);
  EXPECT_EQ(listed.tags.at("v2"), stored.tags.at("v2").digest);
  const auto& entry = listed.manifests.at(stored.tags.at("v2").digest);
  EXPECT_EQ(entry.pushed, stored.tags.at("v2").pushed);
  EXPECT_EQ(entry.media_type, "");
}

TEST_F(JfrogRegistryTest, AnIndexIsListedByItsOwnDigestNotItsChildrens) {
  const ListedArtifacts listed = Artifacts("docker-local/team-a/app");
  const auto& stored = Local().repositories["team-a/app"];
  ASSERT_EQ(listed.tags.size(), 2u);
  EXPECT_EQ(listed.tags.at("multi"), stored.tags.at("multi").digest);
}

TEST_F(JfrogRegistryTest, WhatASearchMayNotShowIsListedAllTheSame) {
  simulator_.hidden_from_search.insert("docker-local/library/app/v2");
  const ListedArtifacts listed = Artifacts("docker-local/library/app");
  ASSERT_EQ(listed.tags.size(), 3u);
  EXPECT_TRUE(listed.tags.at("v2").empty());
  EXPECT_EQ(*Make()->ResolveTag("docker-local/library/app", "v2"),
            Local().repositories["library/app"].tags.at("v2").digest);
}

TEST_F(JfrogRegistryTest, ASearchThatIsForbiddenOrTooSlowCostsOnlyHeads) {
  for (const int status : {403, 404, 408}) {
    simulator_.search_status = status;
    const ListedArtifacts listed = Artifacts("docker-local/library/app");
    EXPECT_EQ(listed.error, "") << status;
    EXPECT_EQ(listed.tags.size(), 3u) << status;
  }
  simulator_.search_status = 429;
  EXPECT_EQ(Artifacts("docker-local/library/app").error, "RateLimited");
}

TEST_F(JfrogRegistryTest, QueriesStayShorterThanArtifactoryTakes) {
  PushMany(300);
  const ListedArtifacts listed = Artifacts("docker-local/big/app");
  ASSERT_EQ(listed.tags.size(), 300u);
  for (const auto& [tag, digest] : listed.tags) EXPECT_FALSE(digest.empty());
  for (const auto& request : simulator_.server.Seen()) {
    EXPECT_LE(request.body.size(), 6000u);
  }
}

TEST_F(JfrogRegistryTest, ALinkWithoutTheKeyOrWithANumberLeadsOn) {
  PushMany(1100);
  simulator_.search_status = 403;
  for (const bool numeric : {false, true}) {
    simulator_.numeric_last = numeric;
    const ListedArtifacts listed = Artifacts("docker-local/big/app");
    EXPECT_EQ(listed.error, "");
    EXPECT_EQ(listed.tags.size(), 1100u) << numeric;
  }
}

TEST_F(JfrogRegistryTest, AFullPageWithoutALinkIsNotTheEnd) {
  PushMany(1001);
  simulator_.search_status = 403;
  simulator_.with_links = false;
  EXPECT_EQ(Artifacts("docker-local/big/app").tags.size(), 1001u);
}

TEST_F(JfrogRegistryTest, ARemoteRepositoryWithoutACacheHoldsNothing) {
  simulator_.repositories["hub"] = {.type = "REMOTE"};
  EXPECT_EQ(Repositories().size(), 4u);
}

TEST_F(JfrogRegistryTest, PullsARealImageByTheTokenOfItsKey) {
  const auto registry = Make();
  const std::string name = "docker-local/team-a/sub/deep/app";
  const auto digest = registry->ResolveTag(name, "1.0");
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(PullAll(*registry, name, *digest), "ok");
}

}  // namespace
}  // namespace landwaiter::agent::registry::jfrog
