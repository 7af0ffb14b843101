#include "analyzer/service/feed_source.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class FeedSourceTest : public ::testing::Test {
 protected:
  void PutAdvisory(const std::string& id, const std::string& package) {
    landwaiter::testing::WriteFile(
        feed_.path() + "/" + id + ".json",
        R"({"id":")" + id +
            R"(","modified":"2024-01-01T00:00:00Z","affected":[{"package":{)" +
            R"("ecosystem":"Debian:12","name":")" + package +
            R"("},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},)" +
            R"({"fixed":"2"}]}]}]})");
  }
  static model::Inventory Debian(const std::string& package) {
    model::Inventory inventory;
    inventory.os = {.id = "debian", .version_id = "12"};
    inventory.packages.push_back({.package = {.type = "deb",
                                              .name = package,
                                              .version = "1",
                                              .source_name = package,
                                              .source_version = "1"}});
    return inventory;
  }

  landwaiter::testing::TempDir feed_;
  landwaiter::testing::TempDir database_;
  FeedSource source_{{feed_.path()}, database_.path() + "/advisories"};
};

TEST_F(FeedSourceTest, AFeedIsMatchedWith) {
  PutAdvisory("DSA-1", "openssl");
  const auto update = source_.Refresh();
  ASSERT_TRUE(update.ok()) << update.status();
  ASSERT_TRUE(update->has_value());
  const auto detection = (*update)->detector->Detect(Debian("openssl"));
  ASSERT_TRUE(detection.ok()) << detection.status();
  ASSERT_THAT(detection->findings, SizeIs(1));
  EXPECT_EQ(detection->findings[0].advisory, "DSA-1");
  EXPECT_FALSE(source_.Refresh()->has_value()) << "nothing is new";
}

TEST_F(FeedSourceTest, AnUpdateNamesTheChangedPackages) {
  PutAdvisory("DSA-1", "openssl");
  ASSERT_TRUE(source_.Refresh().ok());
  PutAdvisory("DSA-2", "zlib");
  const auto update = source_.Refresh();
  ASSERT_TRUE(update.ok() && update->has_value());
  EXPECT_THAT((*update)->changed.value(), ElementsAre("zlib"));
}

TEST_F(FeedSourceTest, ASystemWithoutAdvisoriesSaysSo) {
  PutAdvisory("DSA-1", "openssl");
  const auto update = source_.Refresh();
  model::Inventory inventory = Debian("openssl");
  inventory.os.version_id = "11";
  const auto detection = (*update)->detector->Detect(inventory);
  ASSERT_TRUE(detection.ok());
  EXPECT_TRUE(detection->no_advisory_data);
  EXPECT_THAT(detection->message, HasSubstr("Debian:11"));
}

TEST_F(FeedSourceTest, WithoutFeedsNothingIsKnown) {
  FeedSource none({}, database_.path());
  const auto update = none.Refresh();
  ASSERT_TRUE(update.ok()) << update.status();
  EXPECT_TRUE((*update)->detector->Detect(Debian("openssl"))->no_advisory_data);
}

TEST_F(FeedSourceTest, AFeedThatIsNotThereIsAnError) {
  FeedSource missing({feed_.path() + "/missing"}, database_.path());
  EXPECT_EQ(missing.Refresh().status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace landwaiter::analyzer::service
