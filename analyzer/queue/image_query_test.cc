#include "analyzer/queue/image_query.h"

#include <gmock/gmock.h>

#include "analyzer/queue/queue_fixture.h"
#include "analyzer/queue/version_range.h"

namespace landwaiter::analyzer::queue {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ImageQueryTest : public QueueTest {
 protected:
  // Images app:v1 with package "one", app:v2 with "bad".
  void ScanTwo() {
    ApplyRegistry("r");
    StartScan(ScanSpec("t"), {{"app", {{"v1", "m1"}, {"v2", "m2"}}}});
    for (const model::WorkItem& item : Lease()) {
      const bool first = item.digest == D("m1");
      ASSERT_TRUE(
          Scan(item, first ? "m1" : "m2", {first ? "one" : "bad"}).ok());
    }
  }
  ImageQueryPage Ask(const ImageQuery& query) {
    auto page = QueryImages(*store_, query);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? *page : ImageQueryPage{};
  }
};

TEST_F(ImageQueryTest, AnImageIsFoundByAPackageItHolds) {
  ScanTwo();
  const auto page = Ask({.package = "one"});
  ASSERT_THAT(page.places, SizeIs(1));
  EXPECT_EQ(page.images, 1u);
  EXPECT_EQ(page.places[0].repository, "app");
  EXPECT_EQ(page.places[0].digest, D("m1"));
  EXPECT_THAT(Ask({.package = "absent"}).places, IsEmpty());
}

TEST_F(ImageQueryTest, AnImageIsFoundByAnyNameOfAVulnerability) {
  ScanTwo();
  for (const char* name : {"CVE-bad", "ADV-bad"}) {
    const auto page = Ask({.vulnerability = name});
    ASSERT_THAT(page.places, SizeIs(1)) << name;
    EXPECT_EQ(page.places[0].digest, D("m2"));
    EXPECT_EQ(page.places[0].finding->id, "CVE-bad");
  }
}

TEST_F(ImageQueryTest, PagesHaveNoGapAndNothingTwice) {
  ScanTwo();
  ImageQuery query{.vulnerability = "", .page_size = 1};
  query.package = Ask({.package = "one"}).places.at(0).package;
  const auto page = Ask(query);
  EXPECT_THAT(page.places, SizeIs(1));
  EXPECT_EQ(page.next_page_token, "");
}

TEST_F(ImageQueryTest, ANamespaceAndAnEcosystemNarrowTheAnswer) {
  ScanTwo();
  const auto all = Ask({.package = "one"});
  ASSERT_THAT(all.places, SizeIs(1));
  const auto& found = all.places[0];
  EXPECT_THAT(Ask({.package = "one", .ns = found.ns}).places, SizeIs(1));
  EXPECT_THAT(Ask({.package = "one", .ns = "other"}).places, IsEmpty());
  EXPECT_THAT(Ask({.package = "one", .ecosystem = found.type}).places,
              SizeIs(1));
  EXPECT_THAT(Ask({.package = "one", .ecosystem = "npm"}).places, IsEmpty());
}

TEST_F(ImageQueryTest, WhatIsNoQueryIsRefused) {
  EXPECT_FALSE(QueryImages(*store_, {}).ok());
  EXPECT_FALSE(
      QueryImages(*store_, {.package = "a", .vulnerability = "b"}).ok());
  EXPECT_FALSE(QueryImages(*store_, {.package = "a", .range = ">="}).ok());
  EXPECT_FALSE(QueryImages(*store_, {.package = "a", .page_token = "x"}).ok());
}

TEST(VersionRangeTest, ConditionsHoldTogetherAndAlternativesByThemselves) {
  const auto holds = [](const char* range, const char* version,
                        const char* type = "maven") {
    return VersionRange::Parse(range)->Contains(version, ComparisonOf(type));
  };
  EXPECT_TRUE(holds(">=2.0, <2.17.1", "2.14.1"));
  EXPECT_FALSE(holds(">=2.0,<2.17.1", "2.17.1"));
  EXPECT_TRUE(holds("<1 || >=2.0,<=2.17.1", "2.17.1"));
  EXPECT_TRUE(holds("1.2", "1.2.0"));
  EXPECT_FALSE(holds("!=1.2", "1.2.0"));
  EXPECT_TRUE(holds("", "anything"));
  EXPECT_TRUE(holds("*", "anything"));
  EXPECT_TRUE(holds("<1.1.1n-0+deb11u4", "1.1.1n-0+deb11u3", "deb"));
  EXPECT_TRUE(holds("<2.0", "2.0~rc1", "rpm"));
  EXPECT_TRUE(holds("<2.0", "2.0rc1", "pypi"));
}

}  // namespace
}  // namespace landwaiter::analyzer::queue
