#include "analyzer/queue/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace landwaiter::analyzer::queue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

model::Digest D(std::string_view text) { return model::Digest::Of(text); }

// A repository as a test writes it.
class Repo {
 public:
  Repo& Image(const std::string& name, absl::Duration age = absl::Hours(1),
              const std::string& platform = "") {
    store::ManifestRow row;
    row.entry.digest = D(name);
    row.entry.platform = model::Platform::Parse(platform);
    row.first_seen = kNow - age;
    return Add(std::move(row));
  }
  Repo& Index(
      const std::string& name,
      const std::vector<std::pair<std::string, std::string>>& children) {
    store::ManifestRow row;
    row.entry.digest = D(name);
    row.first_seen = kNow;
    for (const auto& [child, platform] : children) {
      model::Descriptor& added = row.entry.children.emplace_back();
      added.digest = D(child);
      added.platform = model::Platform::Parse(platform);
      added.attestation = platform == "unknown/unknown";
    }
    return Add(std::move(row));
  }
  Repo& Artifact(const std::string& name) {
    store::ManifestRow row;
    row.entry.digest = D(name);
    row.entry.unsupported = "is a Helm chart";
    row.first_seen = kNow;
    return Add(std::move(row));
  }
  Repo& Tag(const std::string& tag, const std::string& name) {
    view_.tags.push_back({tag, D(name), kNow - absl::Hours(1000), {}});
    return *this;
  }
  store::RepositoryView view() {
    std::ranges::sort(view_.manifests, {}, [](const store::ManifestRow& row) {
      return row.entry.digest;
    });
    return view_;
  }
  store::RepositoryView view_;

 private:
  Repo& Add(store::ManifestRow row) {
    view_.manifests.push_back(std::move(row));
    return *this;
  }
};

std::vector<model::Digest> Digests(const std::vector<SelectedImage>& images) {
  std::vector<model::Digest> digests;
  for (const SelectedImage& image : images) digests.push_back(image.digest);
  return digests;
}

std::vector<model::Digest> Select(Repo repo, const model::Scope& scope) {
  return Digests(SelectImages(repo.view(), scope, kNow));
}

TEST(ScopeTest, EveryImageIsThereOnceHoweverManyTagsNameIt) {
  EXPECT_THAT(Select(Repo().Image("a").Tag("v1", "a").Tag("latest", "a"), {}),
              ElementsAre(D("a")));
}

TEST(ScopeTest, TagGlobsSelect) {
  Repo repo;
  repo.Image("a").Image("b").Tag("v1", "a").Tag("dev-1", "b");
  EXPECT_THAT(Select(repo, {.tag_include = {"v*"}}), ElementsAre(D("a")));
  EXPECT_THAT(Select(repo, {.tag_exclude = {"v*"}}), ElementsAre(D("b")));
}

TEST(ScopeTest, UntaggedImagesAreInUnlessSwitchedOff) {
  Repo repo;
  repo.Image("a").Image("b").Tag("v1", "a");
  EXPECT_THAT(Select(repo, {}), UnorderedElementsAre(D("a"), D("b")));
  EXPECT_THAT(Select(repo, {.untagged = false}), ElementsAre(D("a")));
}

TEST(ScopeTest, ChildrenOfAnIndexAreNotUntagged) {
  Repo repo;
  repo.Index("index", {{"amd", "linux/amd64"}}).Image("amd").Tag("v1", "index");
  EXPECT_THAT(Select(repo, {.tag_exclude = {"v1"}}), IsEmpty());
}

TEST(ScopeTest, NewestKeepsTheLatestTags) {
  Repo repo;
  repo.Image("old", absl::Hours(30)).Image("mid", absl::Hours(20));
  repo.Image("new", absl::Hours(10));
  repo.Tag("1", "old").Tag("2", "mid").Tag("3", "new");
  EXPECT_THAT(Select(repo, {.newest = 2}), ElementsAre(D("new"), D("mid")));
}

TEST(ScopeTest, AnIndexGivesItsPlatformImagesAndNoAttestation) {
  Repo repo;
  repo.Index("index", {{"amd", "linux/amd64"},
                       {"arm", "linux/arm64/v8"},
                       {"sbom", "unknown/unknown"}});
  repo.Tag("v1", "index");
  EXPECT_THAT(Select(repo, {}), ElementsAre(D("amd"), D("arm")));
  EXPECT_THAT(Select(repo, {.platforms = {"linux/arm64"}}),
              ElementsAre(D("arm")));
}

TEST(ScopeTest, AWindowsImageIsUnsupportedUnlessPlatformsAreNamed) {
  Repo repo;
  repo.Index("index", {{"win", "windows/amd64"}}).Tag("v1", "index");
  const auto images = SelectImages(repo.view(), {}, kNow);
  ASSERT_EQ(images.size(), 1u);
  EXPECT_EQ(images[0].unsupported->code, "UnsupportedPlatform");
  EXPECT_THAT(Select(repo, {.platforms = {"linux/amd64"}}), IsEmpty());
}

TEST(ScopeTest, AnArtifactIsUnsupportedWithItsReason) {
  const auto images = SelectImages(
      Repo().Artifact("chart").Tag("v1", "chart").view(), {}, kNow);
  ASSERT_EQ(images.size(), 1u);
  EXPECT_EQ(images[0].unsupported->code, "UnsupportedMedia");
  EXPECT_EQ(images[0].unsupported->message, "is a Helm chart");
}

TEST(ScopeTest, UpdatedWithinUsesPushTimeThenTheTagsMoveThenFirstSeen) {
  const model::Scope week{.updated_within = absl::Hours(168)};
  Repo first_seen;
  first_seen.Image("a", absl::Hours(500)).Tag("v1", "a");
  EXPECT_THAT(Select(first_seen, week), IsEmpty());

  Repo moved = first_seen;
  moved.view_.tags[0].moved = kNow - absl::Hours(10);
  EXPECT_THAT(Select(moved, week), ElementsAre(D("a")));

  Repo pushed = moved;
  pushed.view_.manifests[0].entry.pushed = kNow - absl::Hours(500);
  EXPECT_THAT(Select(pushed, week), IsEmpty());
}

TEST(ScopeTest, ATagOrADigestNamesImages) {
  Repo repo;
  repo.Index("index", {{"amd", "linux/amd64"}}).Image("b");
  repo.Tag("v1", "index").Tag("v2", "b");
  EXPECT_THAT(Digests(SelectTag(repo.view(), "v1")), ElementsAre(D("amd")));
  EXPECT_THAT(Digests(SelectTag(repo.view(), "v3")), IsEmpty());
  EXPECT_THAT(Digests(SelectDigest(repo.view(), D("index"))),
              ElementsAre(D("amd")));
  EXPECT_THAT(Digests(SelectDigest(repo.view(), D("amd"))),
              ElementsAre(D("amd")));
  EXPECT_THAT(Digests(SelectDigest(repo.view(), D("x"))), IsEmpty());
}

TEST(ScopeTest, AnIndexThatHoldsItselfEnds) {
  Repo repo;
  repo.Index("a", {{"b", ""}}).Index("b", {{"a", ""}}).Tag("v1", "a");
  EXPECT_THAT(Select(repo, {}), IsEmpty());
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
