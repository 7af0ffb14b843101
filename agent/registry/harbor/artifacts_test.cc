#include "agent/registry/harbor/artifacts.h"

#include <nlohmann/json.hpp>

#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::registry::harbor {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kManifest[] = "application/vnd.oci.image.manifest.v1+json";
constexpr char kIndex[] = "application/vnd.oci.image.index.v1+json";
constexpr char kSchema1[] =
    "application/vnd.docker.distribution.manifest.v1+prettyjws";

Json Artifact(const std::string& media_type, const std::string& os,
              std::vector<std::string> tags) {
  Json artifact = {{"digest", model::Digest::Of(media_type + os).text()},
                   {"type", "IMAGE"},
                   {"manifest_media_type", media_type},
                   {"size", 5},
                   {"push_time", "2026-11-21T03:26:47.682Z"},
                   {"extra_attrs", {{"os", os}, {"architecture", ""}}},
                   {"tags", Json::array()}};
  for (const std::string& tag : tags) {
    artifact["tags"].push_back({{"name", tag}});
  }
  return artifact;
}

model::ManifestEntry EntryOf(const Json& artifact) {
  ArtifactPage page;
  AddArtifact(artifact, page);
  EXPECT_THAT(page.manifests, SizeIs(1));
  return page.manifests.at(0);
}

const std::string& Attached() {
  static const auto& tag = *new std::string("sha256-" + std::string(64, 'a'));
  return tag;
}

TEST(HarborArtifactsTest, WhatHasOnlyTagsOfCosignIsUnsupported) {
  for (const char* ending : {"", ".sig", ".att", ".sbom"}) {
    const auto entry =
        EntryOf(Artifact(kManifest, "", {base::StrCat(Attached(), ending)}));
    EXPECT_THAT(entry.unsupported, HasSubstr("attachment")) << ending;
    EXPECT_EQ(entry.media_type, kManifest);
  }
  // Referrers of a registry that has no API for them are in an index.
  EXPECT_NE(EntryOf(Artifact(kIndex, "", {Attached()})).unsupported, "");
}

TEST(HarborArtifactsTest, ATagLikeCosignsDoesNotHideAnImage) {
  const auto linux_image = Artifact(kManifest, "linux", {Attached() + ".att"});
  EXPECT_EQ(EntryOf(linux_image).unsupported, "");
  for (const char* other : {"v1", "sha256-12.att"}) {
    EXPECT_EQ(EntryOf(Artifact(kManifest, "", {Attached() + ".att", other}))
                  .unsupported,
              "");
  }
  EXPECT_EQ(
      EntryOf(Artifact(kManifest, "", {Attached() + ".other"})).unsupported,
      "");
  EXPECT_EQ(EntryOf(Artifact(kManifest, "", {})).unsupported, "");
}

TEST(HarborArtifactsTest, OnlyAPlainImageIsToldWholeByTheListing) {
  EXPECT_EQ(EntryOf(Artifact(kManifest, "linux", {"v1"})).media_type,
            kManifest);
  for (const char* other : {kIndex, kSchema1, "application/x"}) {
    EXPECT_EQ(EntryOf(Artifact(other, "linux", {"v1"})).media_type, "")
        << other;
  }
}

TEST(HarborArtifactsTest, MembersThatAreNullAreLikeNone) {
  Json artifact = Artifact(kManifest, "linux", {});
  artifact["tags"] = nullptr;
  artifact["references"] = nullptr;
  artifact["accessories"] = nullptr;
  artifact["extra_attrs"] = nullptr;
  EXPECT_EQ(EntryOf(artifact).media_type, "");
}

Json Repository(const char* updated, int artifacts) {
  return {{"name", "team/app"},
          {"update_time", updated},
          {"artifact_count", artifacts},
          {"tags_count", artifacts}};
}

TEST(HarborArtifactsTest, AStateIsGivenOnceTheLastPushIsOver) {
  constexpr char kUpdated[] = "2026-11-21T03:00:00.000Z";
  absl::Time updated;
  std::string error;
  ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, kUpdated, &updated, &error));
  const auto state = [&](const char* when, int artifacts, absl::Time now) {
    return RepositoryOf(Version::kV2, Repository(when, artifacts), now).state;
  };
  const absl::Time later = updated + absl::Hours(1);
  EXPECT_EQ(state(kUpdated, 3, updated + absl::Minutes(1)), "");
  EXPECT_NE(state(kUpdated, 3, later), "");
  EXPECT_NE(state(kUpdated, 3, later), state(kUpdated, 2, later));
  EXPECT_NE(state(kUpdated, 3, later),
            state("2026-11-21T03:00:01.000Z", 3, later));
  // A server that does not tell its time.
  EXPECT_EQ(state(kUpdated, 3, absl::InfinitePast()), "");
}

TEST(HarborArtifactsTest, V1HasNoStateSinceItsUpdateTimeStaysTheFirstPushs) {
  const auto entry =
      RepositoryOf(Version::kV1, Repository("2026-11-21T03:00:00.000Z", 3),
                   absl::InfiniteFuture());
  EXPECT_EQ(entry.name, "team/app");
  EXPECT_EQ(entry.state, "");
}

}  // namespace
}  // namespace landwaiter::agent::registry::harbor
