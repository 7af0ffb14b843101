#include "agent/registry/google/google_registry.h"

#include <map>
#include <nlohmann/json.hpp>

#include "agent/registry/google/cursor.h"
#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registries/google/simulator.h"

namespace landwaiter::agent::registry::google {
namespace {

using test::Answer;
using test::GoogleSimulator;
using testing::ElementsAre;
using testing::HasSubstr;

class GoogleRegistryTest : public testing::Test {
 protected:
  std::unique_ptr<Registry> Make() {
    connection_.http.base = simulator_.server.url();
    connection_.api_url = simulator_.server.url().Origin();
    if (!simulator_.gcr_host.empty()) {
      connection_.http.base =
          *http::Url::Parse(base::StrCat("http://", simulator_.gcr_host));
      connection_.http.connect_ip = "127.0.0.1";
      connection_.http.connect_port =
          static_cast<uint16_t>(simulator_.server.port());
    }
    auto registry = NewGoogleRegistry(connection_, clock_);
    EXPECT_TRUE(registry.ok()) << registry.status();
    return *std::move(registry);
  }
  std::string Verify() { return CodeOf(Make()->Verify().status()); }

  std::vector<std::string> Names() {
    return RepositoryNames([this] { return Make(); });
  }
  std::map<std::string, model::Digest> Tags(const std::string& repository) {
    const auto page = Make()->ListArtifacts(repository, "");
    if (!page.ok()) return {{CodeOf(page.status()), {}}};
    std::map<std::string, model::Digest> tags;
    for (const auto& tag : page->tags) tags[tag.name] = tag.digest;
    EXPECT_TRUE(page->complete);
    return tags;
  }
  void BecomeGcr() { simulator_.gcr_host = "gcr.io"; }
  int Asked(const std::string& part) const {
    int asked = 0;
    for (const auto& request : simulator_.server.Seen()) {
      asked += base::Contains(request.target, part) ? 1 : 0;
    }
    return asked;
  }

  base::FakeClock clock_;
  GoogleSimulator simulator_{clock_};
  Connection connection_ = {
      .credentials = {"_json_key", test::GoogleKeyFile().dump()},
      .region = "europe-west1"};
};

TEST_F(GoogleRegistryTest, AServiceAccountThatMayReadVerifies) {
  const auto verification = Make()->Verify();
  ASSERT_TRUE(verification.ok()) << verification.status();
  EXPECT_EQ(verification->detected_version, "V2");
  EXPECT_EQ(verification->note, "");
}

TEST_F(GoogleRegistryTest, AKeyThatGoogleRefusesIsShownOnce) {
  simulator_.knows_account = false;
  const auto registry = Make();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(CodeOf(registry->Verify().status()),
              "FailedToVerifyUsernameOrPwd/invalid_grant");
    EXPECT_EQ(CodeOf(registry->ListRepositories("").status()),
              "Unauthorized/invalid_grant");
    EXPECT_EQ(CodeOf(registry->ResolveTag("acme-prod/a/b", "v1").status()),
              "Unauthorized/invalid_grant");
  }
  EXPECT_EQ(Asked("/token"), 1);
}

TEST_F(GoogleRegistryTest, APasswordThatIsNoKeyIsNotSentAtAll) {
  connection_.credentials.password = "hunter2";
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
  connection_.credentials = {};
  EXPECT_EQ(Verify(), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Asked("/token"), 0);
}

TEST_F(GoogleRegistryTest, ThePrivateKeyIsShownToNobody) {
  const auto registry = Make();
  ASSERT_TRUE(registry->Verify().ok());
  ASSERT_TRUE(registry->ResolveTag("acme-prod/library/app", "v1").ok());
  EXPECT_EQ(simulator_.keys_seen, 0);
}

TEST_F(GoogleRegistryTest, EachPermissionThatIsMissingIsNamed) {
  for (const char* permission :
       {"artifactregistry.repositories.list", "artifactregistry.packages.list",
        "artifactregistry.repositories.downloadArtifacts"}) {
    simulator_.denied = {permission};
    const absl::Status status = Make()->Verify().status();
    EXPECT_THAT(CodeOf(status), testing::StartsWith("UserDoesNotHaveAdminRole"))
        << permission;
    EXPECT_THAT(std::string(status.message()), HasSubstr(permission));
  }
}

TEST_F(GoogleRegistryTest, AProjectThatIsNotTheAccountsIsARightThatIsMissing) {
  connection_.google_project = "other-project";
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole/PERMISSION_DENIED");
  connection_.google_project = "acme-prod";
  EXPECT_EQ(Verify(), "ok");
  connection_.google_project = "../evil";
  EXPECT_NE(Verify(), "ok");
}

TEST_F(GoogleRegistryTest, AnotherRegistryOrAnApiThatIsOffIsAnotherVersion) {
  simulator_.root = Answer{200, {}, "{}"};
  EXPECT_EQ(Verify(), "RegistryVersionError");
  simulator_.root =
      Answer{401,
             {{"WWW-Authenticate",
               "Bearer realm=\"https://harbor.example/service/token\""}},
             ""};
  EXPECT_EQ(Verify(), "RegistryVersionError");
  simulator_.root = std::nullopt;
  simulator_.api_enabled = false;
  EXPECT_EQ(Verify(), "RegistryVersionError/SERVICE_DISABLED");
  connection_.version = "V1";
  EXPECT_EQ(Verify(), "RegistryVersionError/V2");
}

TEST_F(GoogleRegistryTest, AWebPageOrAnOutageIsANetworkError) {
  simulator_.root = Answer{200, {}, "<html>", "text/html"};
  EXPECT_EQ(Verify(), "NetworkConnectError/Protocol");
  simulator_.root = Answer{503, {}, ""};
  EXPECT_EQ(Verify(), "NetworkConnectError/Http503");
}

TEST_F(GoogleRegistryTest, AClockThatIsWrongIsNoWrongKey) {
  base::FakeClock slow(clock_.Now() - absl::Hours(2));
  Make();
  EXPECT_EQ(CodeOf((*NewGoogleRegistry(connection_, slow))->Verify().status()),
            "NetworkConnectError/ClockSkew");
}

TEST_F(GoogleRegistryTest, NestedNamesOfThreeRepositoriesFromAnyCursor) {
  for (const size_t size : {1, 1000}) {
    simulator_.most_a_page = size;
    EXPECT_THAT(
        Names(),
        ElementsAre("acme-prod/library/app", "acme-prod/team-a/app",
                    "acme-prod/team-a/sub/deep/app", "acme-prod/team-b/tools"));
  }
}

TEST_F(GoogleRegistryTest, VirtualRepositoriesAndOtherFormatsAreLeftOut) {
  simulator_.others = {{"all", {"DOCKER", "VIRTUAL_REPOSITORY"}},
                       {"maven", {"MAVEN", "STANDARD_REPOSITORY"}},
                       {"proxy", {"DOCKER", "REMOTE_REPOSITORY"}}};
  EXPECT_EQ(Names().size(), 4u);
  EXPECT_EQ(Asked("/repositories/all/"), 0);
  EXPECT_EQ(Asked("/repositories/maven/"), 0);
  EXPECT_GT(Asked("/repositories/proxy/"), 0);
}

TEST_F(GoogleRegistryTest, NoRepositoryAtAllIsNoEmptyInventory) {
  simulator_.content.repositories.clear();
  EXPECT_THAT(Names(), ElementsAre("Unauthorized/EmptyCatalog"));
  EXPECT_EQ(Verify(), "UserDoesNotHaveAdminRole");
}

TEST_F(GoogleRegistryTest, APageTokenThatGotOldBeginsTheRepositoryAgain) {
  simulator_.most_a_page = 1;
  auto page = Make()->ListRepositories("");
  ASSERT_TRUE(page.ok());
  page = Make()->ListRepositories(page->next_cursor);  // team-a, the first
  ASSERT_TRUE(page.ok());
  simulator_.page_generation = 1;
  std::vector<std::string> names;
  for (int pages = 0; pages < 20 && !page->complete; ++pages) {
    page = Make()->ListRepositories(page->next_cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& entry : page->repositories) names.push_back(entry.name);
  }
  EXPECT_THAT(names, ElementsAre("acme-prod/team-a/app",
                                 "acme-prod/team-a/sub/deep/app",
                                 "acme-prod/team-b/tools"));
}

TEST_F(GoogleRegistryTest, TagsDigestsSizesAndTimesComeInOneAnswer) {
  const auto& stored =
      simulator_.content.repositories["acme-prod/team-a/sub/deep/app"];
  const auto page = Make()->ListArtifacts("acme-prod/team-a/sub/deep/app", "");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_TRUE(page->complete);
  std::map<std::string, model::Digest> tags;
  for (const auto& tag : page->tags) tags[tag.name] = tag.digest;
  ASSERT_EQ(tags.size(), stored.tags.size());
  EXPECT_EQ(tags.at("1.0"), stored.tags.at("1.0").digest);
  // What has no tag is listed too.
  ASSERT_EQ(page->manifests.size(), stored.manifests.size());
  for (const auto& entry : page->manifests) {
    const auto& manifest = stored.manifests.at(entry.digest);
    EXPECT_EQ(entry.size, manifest.size);
    EXPECT_EQ(entry.pushed, manifest.pushed);
    EXPECT_EQ(entry.media_type, "");
  }
  EXPECT_EQ(Asked("/manifests/"), 0);
}

TEST_F(GoogleRegistryTest, TagsWithoutDigestsAreLeftToBeResolved) {
  simulator_.shows_manifests = false;
  const auto tags = Tags("acme-prod/library/app");
  EXPECT_EQ(tags.size(), 3u);
  EXPECT_TRUE(tags.at("v1").empty());
  EXPECT_TRUE(Make()->ResolveTag("acme-prod/library/app", "v1").ok());
}

// /v2/ says 200 and nothing of what it does not know.
TEST_F(GoogleRegistryTest, NothingIsBelievedOnlyIfTheApiSaysSoToo) {
  simulator_.blinded = {"acme-prod/team-a/sub/deep/app"};
  EXPECT_THAT(Tags("acme-prod/team-a/sub/deep/app").begin()->first,
              HasSubstr("NetworkError/Listing"));
  simulator_.content.repositories["acme-prod/team-b/tools"] = {};
  EXPECT_TRUE(Tags("acme-prod/team-b/tools").empty());
}

TEST_F(GoogleRegistryTest, ImagesOfGcrIoAreThoseOfTheRepositoryOfThatName) {
  BecomeGcr();
  connection_.region = "";
  EXPECT_EQ(Verify(), "ok");
  EXPECT_THAT(
      Names(),
      ElementsAre("acme-prod/library/app", "acme-prod/team-a/app",
                  "acme-prod/team-a/sub/deep/app", "acme-prod/team-b/tools"));
  const auto page = Make()->ListArtifacts("acme-prod/library/app", "");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->manifests.at(0).pushed,
            simulator_.content.repositories["acme-prod/library/app"]
                .manifests.at(page->manifests.at(0).digest)
                .pushed);
  simulator_.content.repositories.clear();
  EXPECT_EQ(Verify(), "RegistryVersionError");
}

TEST_F(GoogleRegistryTest, PullsWithATokenThatIsRenewed) {
  const auto registry = Make();
  const std::string name = "acme-prod/team-a/sub/deep/app";
  const auto digest = registry->ResolveTag(name, "1.0");
  ASSERT_TRUE(digest.ok()) << digest.status();
  clock_.Advance(absl::Hours(2));
  EXPECT_EQ(PullAll(*registry, name, *digest), "ok");
  EXPECT_EQ(Asked("/token") - Asked("/v2/token"), 2);
}

TEST_F(GoogleRegistryTest, CursorsAndNamesOfAnotherKindAreRefused) {
  for (const char* cursor :
       {"x", "a|b|c", "../x|0|", "library|0|a b", "library|9999|x", "|0|"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Make()->ListRepositories(cursor).status()))
        << cursor;
  }
  EXPECT_FALSE(Make()->ListArtifacts("../x", "").ok());
  EXPECT_FALSE(Make()->ListArtifacts("acme-prod/library/app", "a b").ok());
}

TEST_F(GoogleRegistryTest, HostsAreOfALocation) {
  EXPECT_EQ(SiteOf("europe-west1-docker.pkg.dev", ""),
            (Site{"europe-west1", ""}));
  EXPECT_EQ(SiteOf("us-docker.pkg.dev", "asia"), (Site{"us", ""}));
  EXPECT_EQ(SiteOf("gcr.io", ""), (Site{"us", "gcr.io"}));
  EXPECT_EQ(SiteOf("eu.gcr.io", ""), (Site{"europe", "eu.gcr.io"}));
  EXPECT_EQ(SiteOf("forwarder.example", "us-east1"), (Site{"us-east1", ""}));
  EXPECT_EQ(SiteOf("forwarder.example", ""), std::nullopt);
  EXPECT_EQ(SiteOf("evil.example/-docker.pkg.dev", ""), std::nullopt);
  connection_.http.base = *http::Url::Parse("https://registry.example.com");
  connection_.region = "";
  EXPECT_FALSE(NewGoogleRegistry(connection_, clock_).ok());
}

}  // namespace
}  // namespace landwaiter::agent::registry::google
