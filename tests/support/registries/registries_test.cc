// The simulated registry is one that the OCI client can read to the end.
#include "agent/registry/oci/oci_registry.h"
#include "core/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/registries/content.h"
#include "tests/support/registries/distribution.h"
#include "tests/support/registries/recorded_exchange.h"

namespace landwaiter::test {
namespace {

using agent::registry::ArtifactPage;
using agent::registry::Registry;
using agent::registry::RepositoryPage;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class DistributionTest : public ::testing::Test {
 protected:
  std::unique_ptr<Registry> Open() {
    agent::registry::Connection connection;
    connection.http.base = server_.url();
    return *agent::registry::oci::NewOciRegistry(std::move(connection), clock_);
  }

  RegistryContent content_ = StandardContent();
  Distribution distribution_{content_};
  HttpServer server_{[this](const SeenRequest& request) {
    return distribution_.Serve(request);
  }};
  base::RealClock clock_;
};

TEST_F(DistributionTest, EverythingIsListedAndPulled) {
  const auto registry = Open();
  ASSERT_TRUE(registry->Verify().ok());
  const RepositoryPage page = *registry->ListRepositories("");
  std::vector<std::string> names;
  for (const auto& entry : page.repositories) names.push_back(entry.name);
  EXPECT_THAT(names, ElementsAre("library/app", "team-a/app",
                                 "team-a/sub/deep/app", "team-b/tools"));
  for (const std::string& name : names) {
    const ArtifactPage artifacts = *registry->ListArtifacts(name, "");
    EXPECT_TRUE(artifacts.complete);
    EXPECT_THAT(artifacts.tags,
                SizeIs(content_.repositories[name].tags.size()));
    for (const auto& tag : artifacts.tags) {
      EXPECT_EQ(*registry->ResolveTag(name, tag.name),
                content_.repositories[name].tags[tag.name].digest);
    }
    for (const auto& [digest, manifest] :
         content_.repositories[name].manifests) {
      EXPECT_EQ(registry->GetManifest(name, digest.text(), 1 << 20)->bytes,
                manifest.bytes);
    }
  }
}

TEST_F(DistributionTest, ListsComeInPages) {
  for (int i = 0; i < 1200; ++i) {
    content_.Tag("library/app", "t" + std::to_string(i),
                 content_.repositories["library/app"].tags["v1"].digest);
  }
  const auto registry = Open();
  std::string cursor;
  size_t tags = 0, pages = 0;
  bool complete = false;
  while (!complete) {
    const auto page = registry->ListArtifacts("library/app", cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    tags += page->tags.size();
    ++pages;
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_EQ(tags, 1203u);
  EXPECT_GT(pages, 2u);
}

TEST(RecordedExchangeTest, RequestAndAnswerAreReadApart) {
  landwaiter::testing::TempDir folder;
  landwaiter::testing::WriteFile(
      folder.path() + "/001-a.http",
      "# what\nPOST /a?b=c HTTP/1.1\nHost: h\n\nbody\n\nHTTP/1.1 404 Not "
      "Found\nX-A: 1\n\n{\"x\":1}\n");
  const auto exchanges = ReadExchanges(folder.path());
  ASSERT_THAT(exchanges, SizeIs(1));
  EXPECT_EQ(exchanges[0].name, "001-a");
  EXPECT_THAT(exchanges[0].comments, ElementsAre("what"));
  EXPECT_EQ(exchanges[0].request.method, "POST");
  EXPECT_EQ(exchanges[0].request.target, "/a?b=c");
  EXPECT_EQ(exchanges[0].request.Header("host"), "h");
  EXPECT_EQ(exchanges[0].request.body, "body\n\n");
  EXPECT_EQ(exchanges[0].answer.status, 404);
  EXPECT_EQ(exchanges[0].answer.body, "{\"x\":1}\n");
}

}  // namespace
}  // namespace landwaiter::test
