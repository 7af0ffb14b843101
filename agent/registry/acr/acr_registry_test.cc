#include "agent/registry/acr/acr_registry.h"

#include <algorithm>
#include <map>

#include "agent/registry/acr/listing.h"
#include "agent/registry/cloud/alibaba_api.h"
#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/registries/acr/simulator.h"

namespace landwaiter::agent::registry::acr {
namespace {

using test::AcrSimulator;
using testing::ElementsAre;
using testing::HasSubstr;

class AcrRegistryTest : public testing::Test {
 protected:
  AcrRegistryTest() { simulator_.content = test::StandardContent(); }

  std::unique_ptr<Registry> Make() {
    connection_.http.base = simulator_.server.url();
    connection_.api_url = simulator_.server.url().Origin();
    auto registry = NewAcrRegistry(connection_, clock_);
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
  void PushRepositories(int count) {
    for (int i = 0; i < count; ++i) {
      simulator_.content.PushImage(base::StrCat("many/r", 1000 + i), "1");
    }
  }
  // Whether anything was asked for that counts as pulling.
  bool Pulled() const {
    const auto seen = simulator_.server.Seen();
    return std::any_of(seen.begin(), seen.end(), [](const auto& request) {
      return base::Contains(request.target, "/manifests/") ||
             base::Contains(request.target, "/blobs/") ||
             base::Contains(request.target, "GetAuthorizationToken") ||
             request.target.starts_with("/tokens");
    });
  }

  base::FakeClock clock_;
  AcrSimulator simulator_{clock_};
  Connection connection_ = {.credentials = simulator_.key};
};

TEST_F(AcrRegistryTest, VerifiesBothEditions) {
  EXPECT_EQ(Verify(), "ok");
  EXPECT_EQ(Make()->Verify()->note, "");
  simulator_.enterprise = false;
  const auto verification = Make()->Verify();
  ASSERT_TRUE(verification.ok()) << verification.status();
  EXPECT_EQ(verification->detected_version, "V2");
  EXPECT_EQ(verification->note, kNeverScanned);
}

TEST_F(AcrRegistryTest, AnUnknownKeyAndAWrongSecretAreWrongCredentials) {
  for (const bool enterprise : {true, false}) {
    simulator_.enterprise = enterprise;
    connection_.credentials = {"other", "secret"};
    EXPECT_EQ(Verify(),
              "FailedToVerifyUsernameOrPwd/InvalidAccessKeyId.NotFound");
    connection_.credentials = {simulator_.key.username, "wrong"};
    EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd/SignatureDoesNotMatch");
  }
  connection_.credentials = {};
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
}

TEST_F(AcrRegistryTest, AWrongSecretIsSentOnce) {
  connection_.credentials.password = "wrong";
  Verify();
  EXPECT_EQ(simulator_.server.Seen().size(), 2u);  // /v2/ and one call
}

TEST_F(AcrRegistryTest, EachRightThatIsMissingIsFound) {
  for (const char* action :
       {"ListNamespace", "ListRepository", "GetAuthorizationToken"}) {
    simulator_.denied = {action};
    const absl::Status status = Make()->Verify().status();
    EXPECT_EQ(CodeOf(status), "UserDoesNotHaveAdminRole/Forbidden.RAM");
    EXPECT_THAT(std::string(status.message()), HasSubstr(action));
  }
  simulator_.enterprise = false;
  simulator_.denied = {"/namespace"};
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole/Forbidden.RAM");
}

TEST_F(AcrRegistryTest, AKeyWithoutAnyPolicyLacksTheRole) {
  connection_.credentials = simulator_.powerless_key;
  for (const bool enterprise : {true, false}) {
    simulator_.enterprise = enterprise;
    EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole/Forbidden.RAM");
  }
}

TEST_F(AcrRegistryTest, AnInstanceOfAnotherAccountIsARightThatIsMissing) {
  simulator_.failure_with_200 = "INSTANCE_NOT_EXIST";
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
}

TEST_F(AcrRegistryTest, AnotherRegistryOrEditionIsAnotherVersion) {
  connection_.edition = "Personal";
  const absl::Status status = Make()->Verify().status();
  EXPECT_EQ(CodeOf(status), "RegistryVersionError");
  EXPECT_THAT(std::string(status.message()), HasSubstr("Enterprise"));
  connection_.edition = "Enterprise";
  EXPECT_EQ(Verify(), "ok");
  connection_.instance_id = "cri-other";
  EXPECT_EQ(Verify(), "RegistryVersionError");
  connection_.instance_id = "";
  connection_.version = "V1";
  EXPECT_EQ(Verify(), "RegistryVersionError/V2");
  connection_.version = "";
  simulator_.root = test::Answer{200, {}, "{}"};
  EXPECT_EQ(Verify(), "RegistryVersionError");
}

TEST_F(AcrRegistryTest, AServiceThatWouldLeadTheKeyElsewhereIsNotFollowed) {
  simulator_.region = "evil.example.com/";
  EXPECT_EQ(Verify(), "RegistryVersionError");
}

TEST_F(AcrRegistryTest, AWebPageIsNoRegistry) {
  simulator_.root = test::Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(Verify(), "NetworkConnectError/Protocol");
}

TEST_F(AcrRegistryTest, AClockThatIsWrongIsNoWrongPassword) {
  base::FakeClock slow(clock_.Now() - absl::Hours(1));
  Make();
  auto registry = NewAcrRegistry(connection_, slow);
  EXPECT_EQ(CodeOf((*registry)->Verify().status()),
            "NetworkConnectError/ClockSkew");
}

TEST_F(AcrRegistryTest, TheKeyGoesToTheCloudOnlyAndNeverInClear) {
  const auto api = cloud::ApiConnection(
      {.http = {.connect_ip = "10.0.0.7", .connect_port = 8443}},
      "cr.cn-hangzhou.aliyuncs.com");
  ASSERT_TRUE(api.ok());
  EXPECT_EQ(api->http.base.Origin(), "https://cr.cn-hangzhou.aliyuncs.com");
  EXPECT_EQ(api->http.connect_ip, "");
  EXPECT_EQ(api->http.connect_port, 0);
  Verify();
  for (const auto& request : simulator_.server.Seen()) {
    EXPECT_EQ(request.target.find("=secret"), std::string::npos);
    if (request.target.starts_with("/v2/")) {
      EXPECT_EQ(request.Header("Authorization"), "");
    }
  }
}

TEST_F(AcrRegistryTest, ListsNestedNamesOfThreeNamespacesInBothEditions) {
  for (const bool enterprise : {true, false}) {
    simulator_.enterprise = enterprise;
    EXPECT_THAT(Repositories(),
                ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                            "team-b/tools"));
  }
}

TEST_F(AcrRegistryTest, PagesOfAHundredWhoseCountIsAText) {
  PushRepositories(230);
  for (const bool enterprise : {true, false}) {
    simulator_.enterprise = enterprise;
    EXPECT_EQ(Repositories().size(), 234u);
  }
}

TEST_F(AcrRegistryTest, ARepositoryThatSlidOverTheBorderOfAPageIsSeen) {
  for (const bool enterprise : {true, false}) {
    simulator_.enterprise = enterprise;
    simulator_.content = test::StandardContent();
    PushRepositories(230);
    simulator_.loses_one_while_listed = true;
    const auto names = Repositories();
    const std::set<std::string> all(names.begin(), names.end());
    for (const auto& [name, r] : simulator_.content.repositories) {
      EXPECT_TRUE(all.contains(name)) << name;
    }
  }
}

TEST_F(AcrRegistryTest, AFailureWithStatus200IsNoEmptyList) {
  simulator_.failure_with_200 = "InternalError";
  EXPECT_THAT(Repositories(), ElementsAre("NetworkError/InternalError"));
}

TEST_F(AcrRegistryTest, LostRightsAreNoEmptyList) {
  simulator_.denied = {"ListRepository"};
  EXPECT_THAT(Repositories(), ElementsAre("Unauthorized/Forbidden.RAM"));
}

TEST_F(AcrRegistryTest, ThrottlingIsWaitedForWithinBounds) {
  simulator_.throttled = 2;
  EXPECT_EQ(Repositories().size(), 4u);
  EXPECT_GE(clock_.Slept(), absl::Seconds(6));
  simulator_.throttled = 100;
  EXPECT_THAT(Repositories(), ElementsAre("RateLimited/Throttling.User"));
}

TEST_F(AcrRegistryTest, NotMoreThanFifteenCallsASecond) {
  PushRepositories(230);
  const auto registry = Make();
  const absl::Time start = clock_.Now();
  for (int i = 0; i < 31; ++i) ASSERT_TRUE(registry->ListRepositories("").ok());
  EXPECT_GE(clock_.Now() - start, absl::Seconds(1.9));
}

TEST_F(AcrRegistryTest, CursorsOfAnotherKindAreRefused) {
  for (const bool enterprise : {true, false}) {
    simulator_.enterprise = enterprise;
    EXPECT_FALSE(Make()->ListRepositories("x").ok());
    EXPECT_FALSE(Make()->ListArtifacts("library/app", "x").ok());
  }
  EXPECT_FALSE(Make()->ListArtifacts("../x", "").ok());
}

TEST_F(AcrRegistryTest, DigestsWithoutTheirAlgorithmAreCompleted) {
  for (const bool bare : {true, false}) {
    simulator_.bare_digests = bare;
    const ListedArtifacts listed = Artifacts("library/app");
    const auto& stored = simulator_.content.repositories["library/app"];
    ASSERT_EQ(listed.tags.size(), 3u) << listed.error;
    EXPECT_EQ(listed.tags.at("v2"), stored.tags.at("v2").digest);
    const auto& entry = listed.manifests.at(stored.tags.at("v2").digest);
    EXPECT_EQ(entry.pushed, stored.tags.at("v2").pushed);
    EXPECT_EQ(entry.media_type, "");
    EXPECT_GT(entry.size, 0u);
  }
}

TEST_F(AcrRegistryTest, TagsOverSeveralPages) {
  const auto digest = simulator_.content.PushImage("big/app", "t");
  for (int i = 0; i < 250; ++i) {
    simulator_.content.Tag("big/app", base::StrCat("t", i), digest);
  }
  EXPECT_EQ(Artifacts("big/app").tags.size(), 251u);
  simulator_.enterprise = false;
  EXPECT_EQ(Artifacts("big/app").tags.size(), 251u);
}

TEST_F(AcrRegistryTest, ARepositoryThatIsGoneIsNotFound) {
  EXPECT_THAT(Artifacts("library/gone").error, HasSubstr("NotFound"));
}

TEST_F(AcrRegistryTest, EnterprisePullsWithALoginThatIsRenewed) {
  const auto registry = Make();
  const auto digest = registry->ResolveTag("team-a/sub/deep/app", "1.0");
  ASSERT_TRUE(digest.ok()) << digest.status();
  clock_.Advance(absl::Minutes(70));
  EXPECT_EQ(PullAll(*registry, "team-a/sub/deep/app", *digest), "ok");
}

TEST_F(AcrRegistryTest, OfThePersonalEditionNothingIsEverPulled) {
  simulator_.enterprise = false;
  const ListedArtifacts listed = Artifacts("team-a/app");
  ASSERT_EQ(listed.tags.size(), 2u);
  for (const auto& [tag, digest] : listed.tags) {
    ASSERT_FALSE(digest.empty());
    EXPECT_EQ(listed.manifests.at(digest).unsupported, kNeverScanned);
    EXPECT_NE(listed.manifests.at(digest).media_type, "");
  }
  const auto registry = Make();
  const std::string digest = listed.tags.begin()->second.text();
  EXPECT_EQ(CodeOf(registry->ResolveTag("team-a/app", "multi").status()),
            "UnsupportedMedia");
  EXPECT_EQ(
      CodeOf(registry->GetManifest("team-a/app", digest, 1 << 20).status()),
      "UnsupportedMedia");
  EXPECT_EQ(CodeOf(registry->FetchBlob(
                "team-a/app", {.digest = listed.tags.begin()->second},
                [](std::string_view) { return absl::OkStatus(); })),
            "UnsupportedMedia");
  EXPECT_FALSE(Pulled());
}

}  // namespace
}  // namespace landwaiter::agent::registry::acr
