#include "agent/registry/harbor/harbor_registry.h"

#include <algorithm>
#include <map>
#include <set>

#include "agent/registry/catalog.h"
#include "agent/registry/testing.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registries/harbor/answers.h"
#include "tests/support/registries/harbor/simulator.h"

namespace landwaiter::agent::registry::harbor {
namespace {

using test::Answer;
using test::SeenRequest;
using test::harbor::Simulator;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Everything that a registry lists, page by page, each from a fresh object.
struct Listed {
  std::vector<std::string> repositories;
  std::map<std::string, std::string> states;
  std::map<std::string, model::Digest> tags;  // "repository:tag"
  std::map<model::Digest, model::ManifestEntry> manifests;
  int pages = 0;
};

class HarborTest : public ::testing::Test {
 protected:
  explicit HarborTest(Simulator::Version version = Simulator::Version::kV2)
      : harbor_(version, clock_) {}

  std::unique_ptr<Registry> Open(const std::string& user = "admin",
                                 const std::string& version = "") {
    Connection connection;
    connection.http.base = harbor_.url();
    connection.version = version;
    if (!user.empty()) connection.credentials = {user, user + "-secret"};
    auto registry = NewRegistry("Harbor", std::move(connection), clock_);
    EXPECT_TRUE(registry.ok());
    return *std::move(registry);
  }
  absl::Status Verify(const std::string& user,
                      const std::string& version = "") {
    return Open(user, version)->Verify().status();
  }

  Listed ListAll(const std::string& user = "admin") {
    Listed listed;
    std::string cursor;
    while (true) {
      const auto page = Open(user)->ListRepositories(cursor);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      ++listed.pages;
      for (const auto& entry : page->repositories) {
        listed.repositories.push_back(entry.name);
        listed.states[entry.name] = entry.state;
      }
      if (page->complete) break;
      cursor = page->next_cursor;
    }
    for (const std::string& repository : listed.repositories) {
      ListRepository(repository, listed, user);
    }
    return listed;
  }
  void ListRepository(const std::string& repository, Listed& listed,
                      const std::string& user = "admin") {
    std::string cursor;
    while (true) {
      const auto page = Open(user)->ListArtifacts(repository, cursor);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return;
      ++listed.pages;
      for (const auto& tag : page->tags) {
        listed.tags[repository + ":" + tag.name] = tag.digest;
      }
      for (const auto& manifest : page->manifests) {
        listed.manifests[manifest.digest] = manifest;
      }
      if (page->complete) return;
      cursor = page->next_cursor;
    }
  }

  // Requests whose target holds `text`.
  int Asked(std::string_view text) {
    const auto seen = harbor_.Seen();
    return static_cast<int>(std::count_if(
        seen.begin(), seen.end(),
        [&](const SeenRequest& r) { return base::Contains(r.target, text); }));
  }
  // Answers a request whose target holds `text`, `times` times.
  void Intercept(std::string text, Answer answer, int times = 1000) {
    harbor_.intercept =
        [text, answer,
         times](const SeenRequest& request) mutable -> std::optional<Answer> {
      if (!base::Contains(request.target, text) || times == 0) {
        return std::nullopt;
      }
      --times;
      return answer;
    };
  }

  base::FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  Simulator harbor_;
};

class HarborV1Test : public HarborTest {
 protected:
  HarborV1Test() : HarborTest(Simulator::Version::kV1) {}
};

TEST_F(HarborTest, ConnectsAndTellsItsVersion) {
  const auto verified = Open()->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->detected_version, "V2");
  EXPECT_EQ(verified->note, "");
}

TEST_F(HarborTest, TheOtherVersionIsNamed) {
  const absl::Status status = Verify("admin", "V1");
  EXPECT_EQ(CodeOf(status), "RegistryVersionError");
  EXPECT_THAT(std::string(status.message()), HasSubstr("V2"));
  EXPECT_TRUE(Verify("admin", "V2").ok());
}

TEST_F(HarborV1Test, TheOtherVersionIsNamed) {
  const absl::Status status = Verify("admin", "V2");
  EXPECT_EQ(CodeOf(status), "RegistryVersionError");
  EXPECT_THAT(std::string(status.message()), HasSubstr("V1"));
  EXPECT_EQ(Open("admin", "V1")->Verify()->detected_version, "V1");
}

TEST_F(HarborTest, WhatIsNoHarborIsAVersionError) {
  Intercept("/api/", {.status = 404, .headers = {}, .body = "not here"});
  EXPECT_EQ(CodeOf(Verify("admin")), "RegistryVersionError");
}

TEST_F(HarborTest, APortalsPageIsNoVersion) {
  Intercept("/api/version", {.status = 200,
                             .headers = {},
                             .body = "<html>please log in</html>",
                             .content_type = "text/html"});
  EXPECT_EQ(CodeOf(Verify("admin")), "NetworkConnectError/Protocol");
}

TEST_F(HarborTest, AWrongPasswordIsSentTwiceAtMost) {
  harbor_.accounts["admin"].password = "another";
  EXPECT_EQ(CodeOf(Verify("admin")), "FailedToVerifyUsernameOrPwd");
  EXPECT_EQ(Asked("/users/current"), 2);
}

TEST_F(HarborV1Test, AWrongPasswordIsFoundOutThoughListsAnswer) {
  harbor_.accounts["admin"].password = "another";
  EXPECT_EQ(CodeOf(Verify("admin")), "FailedToVerifyUsernameOrPwd");
}

TEST_F(HarborTest, NoAccountIsNoLogin) {
  EXPECT_EQ(CodeOf(Verify("")), "FailedToVerifyUsernameOrPwd");
}

TEST_F(HarborTest, TheLoginLockAfterAnothersWrongPasswordIsWaitedOut) {
  Connection wrong;
  wrong.http.base = harbor_.url();
  wrong.credentials = {"admin", "wrong"};
  SeenRequest request{"GET", "/api/v2.0/users/current", {}, ""};
  request.headers = {{"Authorization", "Basic YWRtaW46d3Jvbmc="}};
  EXPECT_EQ(harbor_.Serve(request).status, 401);
  EXPECT_TRUE(Verify("admin").ok());
}

TEST_F(HarborTest, WhoIsNoAdministratorIsTold) {
  EXPECT_EQ(CodeOf(Verify("dev1")), "UserDoesNotHaveAdminRole");
}

TEST_F(HarborV1Test, WhoIsNoAdministratorIsTold) {
  EXPECT_EQ(CodeOf(Verify("dev1")), "UserDoesNotHaveAdminRole");
}

TEST_F(HarborTest, ARobotsSecretIsProvenBy412) {
  const auto verified = Open("robot$ci")->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_THAT(verified->note, HasSubstr("robot"));
  harbor_.accounts["robot$ci"].disabled = true;
  EXPECT_EQ(CodeOf(Verify("robot$ci")), "FailedToVerifyUsernameOrPwd");
}

TEST_F(HarborV1Test, ARobotIsNotAskedWhoItIs) {
  EXPECT_TRUE(Verify("robot$ci").ok());
  EXPECT_EQ(Asked("/users/current"), 0);
  harbor_.accounts["robot$ci"].disabled = true;
  EXPECT_EQ(CodeOf(Verify("robot$ci")), "FailedToVerifyUsernameOrPwd");
}

TEST_F(HarborTest, AnOidcUsersSecretIsProvenByAToken) {
  harbor_.oidc = true;
  const auto verified = Open("dev1")->Verify();
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_THAT(verified->note, HasSubstr("OIDC"));
  harbor_.accounts["dev1"].password = "another";
  EXPECT_EQ(CodeOf(Verify("dev1")), "FailedToVerifyUsernameOrPwd");
}

TEST_F(HarborTest, ADatabaseThatIsDownIsNoWrongPassword) {
  harbor_.database_down = true;
  EXPECT_EQ(CodeOf(Verify("admin")), "NetworkConnectError/Http500");
}

TEST_F(HarborTest, ADatabaseThatIsDownIsNoticedBeforeHealthDoes) {
  harbor_.database_down = true;
  harbor_.health_lags = true;
  EXPECT_EQ(CodeOf(Verify("admin")), "NetworkConnectError/Protocol");
}

TEST_F(HarborTest, EverythingIsListedAndResumesFromEachCursor) {
  const Listed listed = ListAll();
  EXPECT_THAT(listed.repositories,
              ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                          "team-b/tools"));
  for (const auto& [name, repository] : harbor_.content.repositories) {
    for (const auto& [tag, stored] : repository.tags) {
      if (tag.ends_with(".sig")) continue;
      EXPECT_EQ(listed.tags.at(name + ":" + tag), stored.digest);
      const auto& manifest = listed.manifests.at(stored.digest);
      EXPECT_TRUE(manifest.pushed) << name << ":" << tag;
      EXPECT_GT(manifest.size, 0u);
    }
  }
}

TEST_F(HarborV1Test, EverythingIsListed) {
  const Listed listed = ListAll();
  EXPECT_THAT(listed.repositories,
              ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                          "team-b/tools"));
  EXPECT_EQ(listed.tags.at("library/app:v1"),
            harbor_.content.repositories["library/app"].tags["v1"].digest);
  EXPECT_EQ(listed.tags.size(), 10u);
}

TEST_F(HarborTest, WhatIsNoRunnableImageIsListedWithAReason) {
  const Listed listed = ListAll();
  const auto entry = [&](const std::string& tag) {
    return listed.manifests.at(listed.tags.at(tag));
  };
  EXPECT_THAT(entry("team-a/sub/deep/app:chart-0.1.0").unsupported,
              HasSubstr("chart"));
  EXPECT_NE(entry("team-b/tools:odd").unsupported, "");
  EXPECT_EQ(entry("team-a/app:windows").platform.os, "windows");
  EXPECT_EQ(entry("library/app:v1").platform.os, "linux");
  EXPECT_EQ(entry("library/app:v1").unsupported, "");
  // Its manifest tells what is in an index.
  EXPECT_EQ(entry("team-a/app:multi").media_type, "");
  // Signatures and SBOMs go with their subject.
  EXPECT_FALSE(
      std::any_of(listed.tags.begin(), listed.tags.end(),
                  [](const auto& tag) { return tag.first.ends_with(".sig"); }));
}

TEST_F(HarborTest, AnUntaggedImageIsListed) {
  const Listed listed = ListAll();
  std::set<model::Digest> tagged;
  for (const auto& [tag, digest] : listed.tags) tagged.insert(digest);
  int untagged = 0;
  for (const auto& [digest, manifest] : listed.manifests) {
    if (!tagged.contains(digest) && manifest.unsupported.empty()) ++untagged;
  }
  EXPECT_EQ(untagged, 1);
}

TEST_F(HarborTest, AnArtifactThatOnlyClaimsToBeAnImageIsLeftToItsManifest) {
  // As Harbor lists attestations that were pushed under cosign's tags.
  Intercept("/artifacts", {.status = 200,
                           .headers = {{"X-Total-Count", "1"}},
                           .body = R"([{"type":"IMAGE","digest":")" +
                                   model::Digest::Of("x").text() +
                                   R"(","manifest_media_type":
                     "application/vnd.oci.image.manifest.v1+json",
                     "extra_attrs":{"os":"","architecture":""},
                     "tags":[{"name":"sha256-12.att"}],"size":5}])"});
  Listed listed;
  ListRepository("library/app", listed);
  EXPECT_EQ(listed.manifests.at(model::Digest::Of("x")).media_type, "");
}

TEST_F(HarborTest, SlashesInANameAreEscapedTwice) {
  Listed listed;
  ListRepository("team-a/sub/deep/app", listed);
  EXPECT_EQ(Asked("sub%252Fdeep%252Fapp"), 1);
  EXPECT_TRUE(listed.tags.contains("team-a/sub/deep/app:1.0"));
}

TEST_F(HarborTest, AProxyThatKnowsOneEscapingIsRemembered) {
  harbor_.behind_nginx = false;
  harbor_.intercept = [](const SeenRequest& request) -> std::optional<Answer> {
    if (!base::Contains(request.target, "%252F")) return std::nullopt;
    return Answer{.status = 404, .headers = {}, .body = "{}"};
  };
  const auto registry = Open();
  for (int i = 0; i < 3; ++i) {
    const auto page = registry->ListArtifacts("team-a/sub/deep/app", "");
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_FALSE(page->tags.empty());
  }
  EXPECT_EQ(Asked("%252F"), 1);
}

TEST_F(HarborTest, LostRightsAreNoShorterList) {
  // Wrong credentials are shown the public projects, with status 200.
  harbor_.accounts["admin"].password = "another";
  EXPECT_EQ(CodeOf(Open()->ListRepositories("").status()), "Unauthorized");
}

TEST_F(HarborTest, RightsLostInTheMiddleAreNoticedAtTheEnd) {
  for (int i = 0; i < 120; ++i) {
    harbor_.content.PushImage("library/r" + std::to_string(i), "1");
  }
  const auto registry = Open();
  auto page = registry->ListRepositories("");
  ASSERT_TRUE(page.ok() && !page->complete);
  harbor_.accounts["admin"].password = "another";
  while (page.ok() && !page->complete) {
    page = registry->ListRepositories(page->next_cursor);
  }
  EXPECT_EQ(CodeOf(page.status()), "Unauthorized");
}

TEST_F(HarborTest, AnEmptyListIsBelievedOnlyOfARepositoryThatIsThere) {
  EXPECT_EQ(CodeOf(Open()->ListArtifacts("library/none", "").status()),
            "NotFound");
  Intercept("/artifacts?",
            {.status = 200, .headers = {{"X-Total-Count", "0"}}, .body = "[]"});
  EXPECT_EQ(CodeOf(Open()->ListArtifacts("library/app", "").status()),
            "NetworkError/Protocol");
}

TEST_F(HarborTest, PagesAreOfAHundredAndMoreIsNeverAsked) {
  for (int i = 0; i < 250; ++i) {
    harbor_.content.PushImage("library/many", "t" + std::to_string(i),
                              {.label = std::to_string(i)});
  }
  Listed listed;
  ListRepository("library/many", listed);
  EXPECT_EQ(listed.tags.size(), 250u);
  EXPECT_EQ(listed.pages, 3);
  EXPECT_EQ(Asked("/artifacts"), 3);
}

TEST_F(HarborTest, APageThatIsTooSlowIsAskedForInHalves) {
  for (int i = 0; i < 120; ++i) {
    harbor_.content.PushImage("library/many", "t" + std::to_string(i),
                              {.label = std::to_string(i)});
  }
  harbor_.slow_above = 50;
  Listed listed;
  ListRepository("library/many", listed);
  EXPECT_EQ(listed.tags.size(), 120u);
}

TEST_F(HarborTest, ADeletionInFrontOfAPageLosesNothing) {
  for (int i = 0; i < 250; ++i) {
    harbor_.content.PushImage("library/many", "t" + std::to_string(i),
                              {.label = std::to_string(i)});
  }
  const auto registry = Open();
  auto page = registry->ListArtifacts("library/many", "");
  ASSERT_TRUE(page.ok());
  auto& repository = harbor_.content.repositories["library/many"];
  repository.manifests.erase(repository.tags["t0"].digest);
  repository.tags.erase("t0");
  std::set<std::string> tags;
  bool restarted = false;
  while (!page->complete) {
    restarted = restarted || page->next_cursor.starts_with("1/");
    page = registry->ListArtifacts("library/many", page->next_cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& tag : page->tags) tags.insert(tag.name);
  }
  EXPECT_TRUE(restarted);
  EXPECT_EQ(tags.size(), 249u);
}

TEST_F(HarborTest, NoCookieIsKept) {
  const auto registry = Open();
  ASSERT_TRUE(registry->Verify().ok());
  ASSERT_TRUE(registry->ListRepositories("").ok());
  for (const SeenRequest& request : harbor_.Seen()) {
    EXPECT_EQ(request.Header("Cookie"), "");
  }
}

TEST_F(HarborTest, ProjectNamesThatAreNumbersAreNames) {
  harbor_.content.PushImage("12345/app", "1");
  Listed listed;
  ListRepository("12345/app", listed);
  for (const SeenRequest& request : harbor_.Seen()) {
    if (!base::Contains(request.target, "/projects/12345/")) continue;
    EXPECT_EQ(request.Header("X-Is-Resource-Name"), "true");
  }
  EXPECT_TRUE(listed.tags.contains("12345/app:1"));
}

TEST_F(HarborTest, WhoMayListByProjectOnlyListsByProject) {
  harbor_.oidc = true;
  harbor_.accounts["dev1"].projects = {"team-a", "team-b"};
  const Listed listed = ListAll("dev1");
  EXPECT_THAT(listed.repositories,
              ElementsAre("library/app", "team-a/app", "team-a/sub/deep/app",
                          "team-b/tools"));
}

TEST_F(HarborTest, AnUnchangedRepositorySaysSoAndAPushShows) {
  const auto before = ListAll().states;
  EXPECT_NE(before.at("library/app"), "");
  EXPECT_EQ(ListAll().states, before);
  harbor_.content.PushImage("library/app", "v3", {.label = "v3"});
  EXPECT_NE(ListAll().states.at("library/app"), before.at("library/app"));
}

TEST_F(HarborTest, TheRateLimitOfAProxyIsHonoured) {
  Intercept("/repositories?",
            {.status = 429, .headers = {{"Retry-After", "7"}}, .body = ""}, 1);
  const absl::Time start = clock_.Now();
  EXPECT_TRUE(Open()->ListRepositories("").ok());
  EXPECT_GE(clock_.Now() - start, absl::Seconds(7));
}

TEST_F(HarborTest, AnImageIsPulledWholeWithItsDigests) {
  const auto registry = Open();
  const auto digest = registry->ResolveTag("team-b/tools", "odd");
  ASSERT_TRUE(digest.ok()) << digest.status();
  const auto image = registry->ResolveTag("library/app", "v1");
  ASSERT_TRUE(image.ok());
  const auto manifest =
      registry->GetManifest("library/app", image->text(), 1 << 20);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(model::Digest::Of(manifest->bytes), *image);
  for (const auto& [blob, bytes] : harbor_.content.blobs) {
    std::string got;
    const absl::Status fetched = registry->FetchBlob(
        "library/app", {.digest = blob, .size = bytes.size()},
        [&](std::string_view data) {
          got.append(data);
          return absl::OkStatus();
        });
    EXPECT_TRUE(fetched.ok()) << fetched;
    EXPECT_EQ(got, bytes);
  }
}

TEST_F(HarborV1Test, AnImageIsPulledWithATokenSinceBasicIsRefused) {
  const auto registry = Open();
  const auto image = registry->ResolveTag("team-b/tools", "old");
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_TRUE(
      registry->GetManifest("team-b/tools", image->text(), 1 << 20).ok());
}

TEST_F(HarborV1Test, ATagThatHarborCannotReadIsLeftToBeResolved) {
  harbor_.content.Tag("library/app", "gone", model::Digest::Of("gone"));
  const auto page = Open()->ListArtifacts("library/app", "");
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(std::any_of(page->tags.begin(), page->tags.end(),
                          [](const ListedTag& tag) {
                            return tag.name == "gone" && tag.digest.empty();
                          }));
}

TEST_F(HarborTest, CursorsOfOthersAreRefused) {
  EXPECT_EQ(Open()->ListRepositories("library/app").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Open()->ListArtifacts("library/app", "x").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace landwaiter::agent::registry::harbor
