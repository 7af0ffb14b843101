// Listings, with a registry and an analyzer that only remember.
#include <map>

#include "agent/pipeline/stages.h"
#include "core/base/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::pipeline {
namespace {

using base::FailureCode;
using model::Digest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kManifest[] =
    R"({"schemaVersion":2,
        "mediaType":"application/vnd.oci.image.manifest.v1+json",
        "config":{"mediaType":"application/vnd.oci.image.config.v1+json",
                  "digest":"sha256:)"
    "1111111111111111111111111111111111111111111111111111111111111111"
    R"(","size":7},"layers":[]})";

class FakeRegistry : public registry::Registry {
 public:
  absl::StatusOr<registry::Verification> Verify() override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<registry::RepositoryPage> ListRepositories(
      std::string_view cursor) override {
    return repositories.at(std::string(cursor));
  }
  absl::StatusOr<registry::ArtifactPage> ListArtifacts(
      std::string_view, std::string_view cursor) override {
    if (!status.ok()) return status;
    return artifacts.at(std::string(cursor));
  }
  absl::StatusOr<Digest> ResolveTag(std::string_view,
                                    std::string_view tag) override {
    ++resolved;
    const auto found = tags.find(std::string(tag));
    if (found != tags.end()) return found->second;
    return base::Failure(FailureCode::kNotFound, "no such tag");
  }
  absl::StatusOr<source::RawManifest> GetManifest(std::string_view,
                                                  std::string_view reference,
                                                  uint64_t) override {
    ++read;
    if (reference != Digest::Of(kManifest).text()) {
      return base::Failure(FailureCode::kNotFound, "no such manifest");
    }
    return source::RawManifest{"", Digest::Of(kManifest), kManifest};
  }
  absl::Status FetchBlob(std::string_view, const model::Descriptor&,
                         source::BlobSink) override {
    return absl::UnimplementedError("");
  }

  std::map<std::string, registry::RepositoryPage> repositories;
  std::map<std::string, registry::ArtifactPage> artifacts;  // by cursor
  std::map<std::string, Digest> tags;
  absl::Status status;
  int resolved = 0, read = 0;
};

// Knows no manifest until it is told of it.
class FakeAnalyzer : public submit::WorkClient {
 public:
  absl::StatusOr<model::LeaseReply> Lease(uint32_t) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<model::HeartbeatReply> Heartbeat(
      const std::vector<model::LeaseRef>&) override {
    return model::HeartbeatReply{};
  }
  absl::StatusOr<model::ListingReply> SubmitListing(
      const model::LeaseRef&, const model::ListingPage& page) override {
    pages.push_back(page);
    for (const auto& manifest : page.manifests) {
      known[manifest.digest] = manifest;
    }
    model::ListingReply reply;
    for (const auto& tag : page.tags) {
      if (!known.contains(tag.digest)) reply.unknown.push_back(tag.digest);
    }
    return reply;
  }
  absl::StatusOr<model::ImagePlan> PlanImage(
      const model::LeaseRef&, const model::ImageFacts&) override {
    return absl::UnimplementedError("");
  }
  absl::Status SubmitLayer(const model::LeaseRef&,
                           const model::LayerReport&) override {
    return absl::UnimplementedError("");
  }
  absl::Status Complete(const model::LeaseRef&,
                        const model::Outcome&) override {
    return absl::UnimplementedError("");
  }

  std::vector<model::ListingPage> pages;
  std::map<Digest, model::ManifestEntry> known;
};

class NoScanner : public layer::LayerScanner {
 public:
  absl::StatusOr<model::LayerReport> Scan(const model::LayerRef&,
                                          layer::FetchLayer) override {
    return absl::UnimplementedError("");
  }
};

class ListTest : public ::testing::Test {
 protected:
  ListTest() {
    item_.id = "i";
    item_.repository = "team/app";
    leases_.Add(item_);
  }

  FakeRegistry registry_;
  FakeAnalyzer analyzer_;
  NoScanner scanner_;
  base::FakeClock clock_;
  base::NoFailpoints failpoints_;
  LeaseKeeper leases_{analyzer_, failpoints_};
  ThreadExecutor executor_{1};
  Stages stages_{registry_, scanner_, analyzer_,  leases_,
                 executor_, clock_,   failpoints_};
  model::WorkItem item_;
};

TEST_F(ListTest, WhatTheListingToldIsNotReadAgain) {
  const Digest digest = Digest::Of("whole");
  registry_.artifacts[""] = {
      .tags = {{"v1", digest}},
      .manifests = {{.digest = digest, .media_type = "m", .size = 5}},
      .complete = true};
  ASSERT_TRUE(ListTags(stages_, item_).ok());
  EXPECT_EQ(registry_.read, 0);
  EXPECT_EQ(registry_.resolved, 0);
  EXPECT_EQ(analyzer_.known.at(digest).size, 5u);
  EXPECT_TRUE(analyzer_.pages.back().complete);
}

TEST_F(ListTest, PushTimeOfTheListingIsAddedToWhatTheManifestSays) {
  const Digest digest = Digest::Of(kManifest);
  const absl::Time pushed = absl::FromUnixSeconds(1'700'000'000);
  registry_.artifacts[""] = {
      .tags = {{"v1", digest}},
      .manifests = {{.digest = digest, .size = 9, .pushed = pushed}},
      .complete = true};
  ASSERT_TRUE(ListTags(stages_, item_).ok());
  EXPECT_EQ(registry_.read, 1);
  const model::ManifestEntry& entry = analyzer_.known.at(digest);
  EXPECT_EQ(entry.pushed, pushed);
  EXPECT_EQ(entry.size, 7u);
  EXPECT_EQ(entry.media_type, "application/vnd.oci.image.manifest.v1+json");
}

TEST_F(ListTest, ATagThatGoesWhileItIsListedIsLeftOut) {
  registry_.tags["kept"] = Digest::Of(kManifest);
  registry_.artifacts[""] = {.tags = {{.name = "gone"}, {.name = "kept"}},
                             .complete = true};
  ASSERT_TRUE(ListTags(stages_, item_).ok());
  EXPECT_THAT(analyzer_.pages.front().tags, SizeIs(1));
  EXPECT_EQ(analyzer_.pages.front().tags[0].tag, "kept");
}

TEST_F(ListTest, ManyTagsGoInPagesThatTheAnalyzerTakes) {
  registry::ArtifactPage page{.complete = true};
  const Digest digest = Digest::Of("whole");
  page.manifests = {{.digest = digest, .media_type = "m"}};
  for (int i = 0; i < 2100; ++i) {
    page.tags.push_back({"t" + std::to_string(i), digest});
  }
  registry_.artifacts[""] = page;
  ASSERT_TRUE(ListTags(stages_, item_).ok());
  size_t tags = 0;
  for (const auto& sent : analyzer_.pages) {
    EXPECT_LE(sent.tags.size(), 1000u);
    tags += sent.tags.size();
    // Only the last is behind the listing's page.
    EXPECT_EQ(sent.complete, &sent == &analyzer_.pages.back());
  }
  EXPECT_EQ(tags, 2100u);
}

TEST_F(ListTest, TheCursorMovesOnlyBehindAWholePage) {
  const Digest digest = Digest::Of(kManifest);
  registry_.artifacts[""] = {.tags = {{"a", digest}}, .next_cursor = "2"};
  registry_.artifacts["2"] = {.tags = {{"b", digest}}, .complete = true};
  ASSERT_TRUE(ListTags(stages_, item_).ok());
  std::vector<std::string> cursors;
  for (const auto& page : analyzer_.pages) cursors.push_back(page.next_cursor);
  EXPECT_THAT(cursors, ElementsAre("", "", "2", "2", ""));
}

TEST_F(ListTest, ARepositoryWhoseLastTagIsGoneIsEmpty) {
  registry_.status = base::Failure(FailureCode::kNotFound, "no such name");
  ASSERT_TRUE(ListTags(stages_, item_).ok());
  EXPECT_TRUE(analyzer_.pages.back().complete);
  EXPECT_THAT(analyzer_.pages.back().tags, IsEmpty());
}

TEST_F(ListTest, ALostLeaseEndsTheListing) {
  leases_.Remove("i");
  registry_.artifacts[""] = {.tags = {{"a", Digest::Of("x")}},
                             .complete = true};
  EXPECT_EQ(ListTags(stages_, item_).code(), absl::StatusCode::kAborted);
  EXPECT_THAT(analyzer_.pages, IsEmpty());
}

TEST_F(ListTest, StatesOfRepositoriesAreHandedOn) {
  registry_.repositories[""] = {
      .repositories = {{"a", "s1"}, {"b", ""}, {"c", std::string(300, 'x')}},
      .complete = true};
  ASSERT_TRUE(ListRepositories(stages_, item_).ok());
  EXPECT_THAT(analyzer_.pages.front().repositories, ElementsAre("a", "b", "c"));
  EXPECT_THAT(
      analyzer_.pages.front().repository_states,
      ElementsAre(std::pair<const std::string, std::string>("a", "s1")));
}

}  // namespace
}  // namespace landwaiter::agent::pipeline
