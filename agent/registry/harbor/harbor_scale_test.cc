// How many requests a listing takes, and what becomes of one while the registry
// changes.
#include <set>

#include "agent/registry/catalog.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/registries/harbor/generated.h"
#include "tests/support/registries/harbor/simulator.h"
#include "tests/support/registries/listing.h"

namespace landwaiter::agent::registry::harbor {
namespace {

using test::SeenRequest;
using test::harbor::GeneratedLists;
using test::harbor::Simulator;

class HarborScaleTest : public ::testing::Test {
 protected:
  explicit HarborScaleTest(Simulator::Version version = Simulator::Version::kV2)
      : harbor_(version, clock_) {}

  std::unique_ptr<Registry> Open() {
    Connection connection;
    connection.http.base = harbor_.url();
    connection.credentials = {"admin", "admin-secret"};
    return *NewRegistry("Harbor", std::move(connection), clock_);
  }
  size_t Requests() const { return harbor_.Seen().size(); }
  void Serve(const GeneratedLists& lists) {
    harbor_.intercept = [&lists](const SeenRequest& request) {
      return lists.Serve(request);
    };
  }

  base::FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  Simulator harbor_;
};

class HarborV1ScaleTest : public HarborScaleTest {
 protected:
  HarborV1ScaleTest() : HarborScaleTest(Simulator::Version::kV1) {}
};

// The version once, who we are before and after the list of repositories.
constexpr size_t kChecks = 3;

TEST_F(HarborScaleTest, AListingTakesTheRequestsThatItsPagesAllow) {
  GeneratedLists lists(/*repositories=*/150, /*artifacts_each=*/12);
  Serve(lists);
  test::RepositoryStates states;
  const auto listed = test::ListEverything(*Open(), states);
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->repositories, 150);
  EXPECT_EQ(listed->manifests, 1800);
  EXPECT_EQ(listed->tags, 1800);
  // Two pages of repositories, and a page each.
  EXPECT_EQ(Requests(), kChecks + 2 + 150);
}

TEST_F(HarborScaleTest, LargeRepositoriesAreListedAHundredAtATime) {
  GeneratedLists lists(/*repositories=*/3, /*artifacts_each=*/250);
  Serve(lists);
  test::RepositoryStates states;
  const auto listed = test::ListEverything(*Open(), states);
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->manifests, 750);
  EXPECT_EQ(Requests(), kChecks + 1 + 9);
}

TEST_F(HarborScaleTest, ARepeatedListingLooksOnlyAtWhatChanged) {
  GeneratedLists lists(/*repositories=*/150, /*artifacts_each=*/2);
  Serve(lists);
  test::RepositoryStates states;
  const auto registry = Open();
  ASSERT_TRUE(test::ListEverything(*registry, states).ok());
  lists.Push(7);
  lists.Push(90);
  const size_t before = Requests();
  const auto again = test::ListEverything(*registry, states);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->unchanged, 148);
  EXPECT_EQ(again->manifests, 2 * 3);
  EXPECT_EQ(Requests() - before, kChecks - 1 + 2 + 2);
}

TEST_F(HarborV1ScaleTest, ATagThatMovesIsSeenByTheNextListing) {
  test::RepositoryStates states;
  const auto registry = Open();
  ASSERT_TRUE(test::ListEverything(*registry, states).ok());
  auto& tags = harbor_.content.repositories["library/app"].tags;
  harbor_.content.Tag("library/app", "latest", tags["v2"].digest);
  clock_.Advance(absl::Hours(1));
  const auto again = test::ListEverything(*registry, states);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->unchanged, 0);
}

TEST_F(HarborV1ScaleTest, AProjectThatGoesInFrontHidesNoOther) {
  for (const char* project : {"a1", "b2", "c3"}) {
    harbor_.content.PushImage(base::StrCat(project, "/app"), "1");
  }
  const auto registry = Open();
  std::set<std::string> names;
  std::string cursor;
  bool gone = false, complete = false;
  while (!complete) {
    const auto page = registry->ListRepositories(cursor);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& entry : page->repositories) names.insert(entry.name);
    if (names.contains("b2/app") && !gone) {
      gone = harbor_.content.repositories.erase("a1/app") > 0;
    }
    cursor = page->next_cursor;
    complete = page->complete;
  }
  EXPECT_TRUE(gone);
  EXPECT_TRUE(names.contains("c3/app"));
  EXPECT_TRUE(names.contains("team-b/tools"));
}

}  // namespace
}  // namespace landwaiter::agent::registry::harbor
