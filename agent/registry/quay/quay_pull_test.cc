// Images of a Quay.
#include <nlohmann/json.hpp>
#include <set>

#include "agent/registry/quay/testing.h"
#include "agent/registry/transport/authorization.h"
#include "agent/source/manifest.h"
#include "gmock/gmock.h"

namespace landwaiter::agent::registry::quay {
namespace {

class QuayPullTest : public QuayTest {
 protected:
  // Pulls the layers of a tag; the blobs' bytes, or the error.
  std::string PullOf(const std::string& repository, const std::string& tag) {
    const auto registry = Make();
    const auto manifest = registry->GetManifest(repository, tag, 1 << 20);
    if (!manifest.ok()) return CodeOf(manifest.status());
    const auto json = nlohmann::json::parse(manifest->bytes);
    for (const auto& layer : json["layers"]) {
      const auto digest =
          *model::Digest::Parse(layer["digest"].get<std::string>());
      std::string bytes;
      const auto status = registry->FetchBlob(
          repository, {.digest = digest, .size = layer["size"].get<uint64_t>()},
          [&](std::string_view data) {
            bytes += data;
            return absl::OkStatus();
          });
      if (!status.ok()) return CodeOf(status);
      if (bytes != quay_.content.blobs[digest]) return "other bytes";
    }
    return "ok";
  }
  // The Authorization headers that /v2/auth has seen.
  std::vector<std::string> Logins() const {
    std::vector<std::string> logins;
    for (const auto& request : quay_.server.Seen()) {
      if (base::Contains(request.target, "/v2/auth")) {
        logins.push_back(request.Header("Authorization"));
      }
    }
    return logins;
  }
  static std::string Basic(const std::string& name,
                           const std::string& password) {
    return BasicHeaders({name, password}).front().second;
  }
};

TEST_F(QuayPullTest, WithoutAnAccountTheOrganizationsTokenPulls) {
  EXPECT_EQ(PullOf("team-a/sub/deep/app", "1.0"), "ok");
  EXPECT_THAT(Logins(), testing::Each(Basic("$oauthtoken", "alice-token")));
}

TEST_F(QuayPullTest, AnAccountPullsForAllOrganizations) {
  connection_.credentials = {"alice", "password"};
  EXPECT_EQ(PullOf("library/app", "v1"), "ok");
  EXPECT_THAT(Logins(), testing::Each(Basic("alice", "password")));
}

TEST_F(QuayPullTest, ARobotPullsInItsOwnNamespaceOnly) {
  quay_.robots["team-a+ci"] = {.token = "robot",
                               .may_read = {"team-a/sub/deep/app"}};
  connection_.credentials = {"team-a+ci", "robot"};
  EXPECT_EQ(PullOf("team-a/sub/deep/app", "1.0"), "ok");
  EXPECT_THAT(Logins(), testing::Each(Basic("team-a+ci", "robot")));
  EXPECT_EQ(PullOf("library/app", "v1"), "ok");
  EXPECT_EQ(Logins().back(), Basic("$oauthtoken", "alice-token"));
}

TEST_F(QuayPullTest, WithoutAnAccountOtherNamespacesAreUnauthorized) {
  connection_.tokens = {{"team-a", "alice-token"}};
  EXPECT_EQ(PullOf("library/app", "v1"), "Unauthorized");
}

// Asked without the fitting types, Quay answers with a generated schema 1, or
// with a child of an index, under another digest.
TEST_F(QuayPullTest, ManifestsComeAsTheyWerePushed) {
  const auto registry = Make();
  for (const auto& [repository, stored] : quay_.content.repositories) {
    for (const auto& [name, tag] : stored.tags) {
      const auto digest = registry->ResolveTag(repository, name);
      ASSERT_TRUE(digest.ok()) << digest.status();
      EXPECT_EQ(*digest, tag.digest) << repository << ":" << name;
      const auto manifest = registry->GetManifest(repository, name, 1 << 20);
      ASSERT_TRUE(manifest.ok()) << manifest.status();
      EXPECT_EQ(manifest->digest, tag.digest);
      EXPECT_EQ(manifest->media_type,
                stored.manifests.at(tag.digest).media_type);
    }
    for (const auto& [digest, manifest] : stored.manifests) {
      const auto raw =
          registry->GetManifest(repository, digest.text(), 1 << 20);
      ASSERT_TRUE(raw.ok()) << raw.status();
      EXPECT_EQ(raw->bytes, manifest.bytes);
    }
  }
}

TEST_F(QuayPullTest, WhatIsNoRunnableImageIsListedAndReadWithAReason) {
  const auto registry = Make();
  const auto page = registry->ListArtifacts("team-a/sub/deep/app", "");
  ASSERT_TRUE(page.ok()) << page.status();
  std::set<std::string> unsupported;
  for (const ListedTag& tag : page->tags) {
    const auto raw = registry->GetManifest("team-a/sub/deep/app",
                                           tag.digest.text(), 1 << 20);
    ASSERT_TRUE(raw.ok()) << raw.status();
    const auto manifest = source::ReadManifest(*raw);
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    if (!manifest->unsupported.empty()) unsupported.insert(tag.name);
  }
  EXPECT_FALSE(unsupported.contains("1.0"));
  EXPECT_EQ(unsupported.size(), 2u);  // the chart and the signature
  for (const char* tag : {"old", "odd"}) {
    const auto raw = registry->GetManifest("team-b/tools", tag, 1 << 20);
    ASSERT_TRUE(raw.ok()) << raw.status();
    EXPECT_NE(source::ReadManifest(*raw)->unsupported, "") << tag;
  }
}

TEST_F(QuayPullTest, ABlobThatBrokeOffIsResumedThoughRangeIsIgnored) {
  quay_.cut_next_blob = 100;
  EXPECT_EQ(PullOf("library/app", "v1"), "ok");
}

TEST_F(QuayPullTest, BlobsOnAnotherHostAreFetchedWithoutCredentials) {
  test::HttpServer storage([&](const test::SeenRequest& request) {
    if (!request.Header("Authorization").empty()) {
      return test::Answer{.status = 400};
    }
    const auto digest = *model::Digest::Parse(request.target.substr(1));
    return test::Answer{
        .status = 200, .headers = {}, .body = quay_.content.blobs[digest]};
  });
  quay_.blobs_at = storage.url().Origin();
  EXPECT_EQ(PullOf("library/app", "v1"), "ok");
  EXPECT_FALSE(storage.Seen().empty());
}

TEST_F(QuayPullTest, ADeletedTagIsNotFound) {
  quay_.DeleteTag("library/app", "v2", quay_.content.now);
  EXPECT_EQ(PullOf("library/app", "v2"), "NotFound");
}

TEST_F(QuayPullTest, ADisabledNamespaceIsUnauthorizedAndNotTriedAgain) {
  quay_.users["carol"] = {.password = "p", .enabled = false};
  quay_.content.PushImage("carol/app", "v1");
  quay_.TakeUpContent();
  UseAccount("alice", "password");
  EXPECT_EQ(PullOf("carol/app", "v1"), "Unauthorized");
  EXPECT_EQ(Requests("/v2/auth"), 1u);
}

// The token that /v2/auth gives then grants nothing.
TEST_F(QuayPullTest, ARepositoryWithoutRightsIsUnauthorized) {
  quay_.robots["team-a+ci"] = {.token = "robot", .may_read = {"team-a/app"}};
  UseAccount("team-a+ci", "robot");
  EXPECT_EQ(PullOf("team-a/sub/deep/app", "1.0"), "Unauthorized");
}

}  // namespace
}  // namespace landwaiter::agent::registry::quay
