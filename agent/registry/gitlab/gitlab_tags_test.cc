#include <algorithm>
#include <map>

#include "agent/registry/gitlab/gitlab_registry.h"
#include "agent/registry/gitlab/testing.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using test::Answer;
using test::SeenRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kApp[] = "team-a/app";
constexpr char kDeep[] = "team-a/sub/deep/app";

std::vector<std::string> NamesOf(const ArtifactPage& page) {
  std::vector<std::string> names;
  for (const ListedTag& tag : page.tags) names.push_back(tag.name);
  return names;
}

class GitLabTagsTest : public GitLabTest {
 protected:
  // How often a request whose target holds `part` was sent to the registry.
  int Asked(const std::vector<SeenRequest>& seen, const std::string& part) {
    return static_cast<int>(
        std::count_if(seen.begin(), seen.end(), [&](const auto& request) {
          return base::Contains(request.target, part);
        }));
  }

  std::vector<std::string> TagsOfDeep() {
    std::vector<std::string> names;
    for (const auto& [name, tag] :
         simulator_.content.repositories[kDeep].tags) {
      names.push_back(name);
    }
    return names;
  }

  test::gitlab::Repository& Many(int tags) {
    auto& repository = simulator_.content.repositories[kApp];
    const test::gitlab::Tag one = repository.tags.begin()->second;
    repository.tags.clear();
    for (int i = 0; i < tags; ++i) {
      repository.tags[base::StrCat("t", 10'000 + i)] = one;
    }
    return repository;
  }
};

TEST_F(GitLabTagsTest, TheRegistrysOwnApiTellsDigestsSizesAndTimes) {
  auto registry = Make();
  const auto page = AllArtifacts(*registry, kDeep);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(NamesOf(*page), TagsOfDeep());
  const auto& repository = simulator_.content.repositories[kDeep];
  for (const ListedTag& tag : page->tags) {
    EXPECT_EQ(tag.digest.text(), repository.tags.at(tag.name).digest);
  }
  const auto& image = repository.tags.at("1.0");
  const auto entry = std::find_if(
      page->manifests.begin(), page->manifests.end(),
      [&](const auto& other) { return other.digest.text() == image.digest; });
  ASSERT_NE(entry, page->manifests.end());
  EXPECT_EQ(entry->size, repository.manifests.at(image.digest).size_bytes);
  absl::Time pushed;
  std::string error;
  ASSERT_TRUE(
      absl::ParseTime(absl::RFC3339_full, image.created_at, &pushed, &error));
  EXPECT_EQ(entry->pushed, pushed);
  // What is a chart or a signature, the list cannot tell from an image.
  EXPECT_EQ(entry->media_type, "");
  EXPECT_EQ(Asked(simulator_.SeenByRegistry(), "/v2/"), 0);
}

TEST_F(GitLabTagsTest, AMovedTagIsAsOldAsItsMove) {
  auto& repository = simulator_.content.repositories[kApp];
  repository.tags = {{"latest", repository.tags.begin()->second}};
  repository.tags["latest"].updated_at = "2026-11-21T04:05:22.060Z";
  const auto page = Make()->ListArtifacts(kApp, "");
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->manifests.at(0).pushed, absl::FromUnixMillis(1795233922060));
}

TEST_F(GitLabTagsTest, AManifestIsAsOldAsItsFirstTag) {
  auto& repository = Many(2);
  repository.tags["t10000"].created_at = "2026-02-02T00:00:00.000Z";
  repository.tags["t10001"].created_at = "2026-02-01T00:00:00.000Z";
  const auto page = Make()->ListArtifacts(kApp, "");
  ASSERT_TRUE(page.ok());
  ASSERT_THAT(page->manifests, SizeIs(1));
  EXPECT_EQ(page->manifests[0].pushed,
            absl::FromCivil(absl::CivilDay(2026, 2, 1), absl::UTCTimeZone()));
}

TEST_F(GitLabTagsTest, ManyTagsComeByTheThousandAndResumeAnywhere) {
  Many(2500);
  std::vector<std::string> names;
  std::string cursor;
  int pages = 0;
  for (bool complete = false; !complete && pages < 9; ++pages) {
    const auto page = Make()->ListArtifacts(kApp, cursor);  // a new object
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->tags.size(), 1000u);
    for (const auto& tag : page->tags) names.push_back(tag.name);
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(names, SizeIs(2500));
}

TEST_F(GitLabTagsTest, AnEmptyLastPageIsTheEnd) {
  simulator_.intercept_registry =
      [](const SeenRequest& request) -> std::optional<Answer> {
    if (!base::Contains(request.target, "/tags/list/")) return std::nullopt;
    if (base::Contains(request.target, "last=t1")) return Answer{.body = "[]"};
    return Answer{200, {{"Link", "<?last=t1&n=1000>; rel=\"next\""}}, "[]"};
  };
  EXPECT_TRUE(AllArtifacts(*Make(), kApp).ok());
}

TEST_F(GitLabTagsTest, ALinkBackIsNotTheNextPage) {
  simulator_.intercept_registry =
      [](const SeenRequest& request) -> std::optional<Answer> {
    if (!base::Contains(request.target, "/tags/list/")) return std::nullopt;
    return Answer{200,
                  {{"Link",
                    "</gitlab/v1/repositories/x/tags/list/?before=a&n=1000>; "
                    "rel=\"previous\""}},
                  "[]"};
  };
  const auto page = Make()->ListArtifacts(kApp, "");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_TRUE(page->complete);
}

TEST_F(GitLabTagsTest, APageThatLeadsToItselfIsNoEnd) {
  simulator_.intercept_registry =
      [](const SeenRequest& request) -> std::optional<Answer> {
    if (!base::Contains(request.target, "/tags/list/")) return std::nullopt;
    return Answer{200, {{"Link", "<?last=t1&n=1000>; rel=\"next\""}}, "[]"};
  };
  EXPECT_EQ(CodeOf(Make()->ListArtifacts(kApp, "v1:t1").status()),
            "NetworkError/Protocol");
}

TEST_F(GitLabTagsTest, HtmlInPlaceOfTagsIsAnError) {
  simulator_.intercept_registry = [](const SeenRequest&) {
    return Answer{200, {}, "<html>", "text/html"};
  };
  EXPECT_EQ(CodeOf(Make()->ListArtifacts(kApp, "").status()),
            "NetworkError/Protocol");
}

TEST_F(GitLabTagsTest, WithoutTheMetadataDatabaseTheNamesComeFromV2) {
  simulator_.metadata_database = false;
  auto registry = Make();
  const auto page = AllArtifacts(*registry, kDeep);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(NamesOf(*page), TagsOfDeep());
  EXPECT_TRUE(page->tags[0].digest.empty());
  EXPECT_EQ(registry->ResolveTag(kDeep, "1.0")->text(),
            simulator_.content.repositories[kDeep].tags["1.0"].digest);
  ASSERT_TRUE(AllArtifacts(*registry, kApp).ok());
  EXPECT_EQ(Asked(simulator_.SeenByRegistry(), "/gitlab/v1/"), 1)
      << "a way that is not there is tried once";
}

TEST_F(GitLabTagsTest, V2TagsResumeInANewObject) {
  simulator_.metadata_database = false;
  Many(1200);
  std::vector<std::string> names;
  std::string cursor;
  for (bool complete = false; !complete && names.size() < 2000;) {
    const auto page = Make()->ListArtifacts(kApp, cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& tag : page->tags) names.push_back(tag.name);
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_THAT(names, SizeIs(1200));
}

TEST_F(GitLabTagsTest, WhoMayNotPullListsThroughGitLab) {
  simulator_.content.tokens["team-a-token"].scopes = {"read_api"};
  const auto page = AllArtifacts(*Make(), kDeep);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(NamesOf(*page), TagsOfDeep());
  EXPECT_FALSE(page->tags[0].digest.empty());
  EXPECT_FALSE(page->manifests[0].pushed.has_value())
      << "created_at is the image's own word there";
  EXPECT_EQ(Asked(simulator_.SeenByGitLab(), "pagination=keyset"), 1);
}

TEST_F(GitLabTagsTest, GitLabWithoutKeysetPagingIsAskedByNumber) {
  simulator_.content.tokens["team-a-token"].scopes = {"read_api"};
  simulator_.metadata_database = false;
  Many(120);
  const auto page = AllArtifacts(*Make(), kApp);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->tags, SizeIs(120));
  EXPECT_EQ(Asked(simulator_.SeenByGitLab(), "pagination=keyset"), 1);
}

TEST_F(GitLabTagsTest, KeysetPagesThroughGitLabResumeInANewObject) {
  simulator_.content.tokens["team-a-token"].scopes = {"read_api"};
  Many(120);
  std::vector<std::string> names;
  std::string cursor;
  for (bool complete = false; !complete && names.size() < 500;) {
    const auto page = Make()->ListArtifacts(kApp, cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& tag : page->tags) names.push_back(tag.name);
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_THAT(names, SizeIs(120));
}

TEST_F(GitLabTagsTest, ABrokenTagIsLeftOutAndFailsNothing) {
  simulator_.content.tokens["team-a-token"].scopes = {"read_api"};
  simulator_.content.repositories[kDeep].tags["1.0"].broken = true;
  const auto page = AllArtifacts(*Make(), kDeep);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->tags.size() + 1, TagsOfDeep().size());
}

TEST_F(GitLabTagsTest, ARepositoryThatWasNeverPushedToIsNotFound) {
  simulator_.content.repositories[kApp].in_registry = false;
  EXPECT_EQ(CodeOf(Make()->ListArtifacts(kApp, "").status()), "NotFound");
}

// 404 is what GitLab says of what may not be seen: taken for an empty
// repository it would delete what is known of it.
TEST_F(GitLabTagsTest, LostRightsAreNeverAnEmptyRepository) {
  auto registry = Make();
  ASSERT_TRUE(registry->ListArtifacts(kApp, "").ok());
  simulator_.content.tokens["team-a-token"].group = "team-b";
  clock_.Advance(absl::Minutes(10));
  EXPECT_EQ(CodeOf(registry->ListArtifacts(kApp, "").status()), "Unauthorized");
  simulator_.content.tokens["team-a-token"] = {.scopes = {"read_api"},
                                               .group = "team-b"};
  EXPECT_EQ(CodeOf(Make()->ListArtifacts(kApp, "rest:1").status()),
            "Unauthorized");
}

TEST_F(GitLabTagsTest, TagsThatGitLabDoesNotShowAreNoEmptyRepository) {
  simulator_.content.tokens["team-a-token"].scopes = {"read_api"};
  simulator_.intercept_gitlab =
      [](const SeenRequest& request) -> std::optional<Answer> {
    if (!base::Contains(request.target, "/tags?")) return std::nullopt;
    return Answer{404, {}, R"({"message":"404 Not Found"})"};
  };
  EXPECT_EQ(CodeOf(Make()->ListArtifacts(kApp, "").status()), "Unauthorized");
}

TEST_F(GitLabTagsTest, AMovedProjectIsFollowed) {
  simulator_.content.tokens["team-a-token"].scopes = {"read_api"};
  simulator_.content.moved_projects["team-a/app"] = "team-a/app";
  const auto page = AllArtifacts(*Make(), kApp);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->tags, Not(IsEmpty()));
}

TEST_F(GitLabTagsTest, CursorsOfSomethingElseAreRefused) {
  for (const char* cursor :
       {"x", "v1:", "v1:../x", "v2:a/b", "rest:", "rest:@", "rest:-1"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Make()->ListArtifacts(kApp, cursor).status()))
        << cursor;
  }
}

}  // namespace
}  // namespace landwaiter::agent::registry::gitlab
