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
  FeedSourceOptions Options(std::vector<std::string> feeds) {
    return {.feeds = std::move(feeds),
            .directory = database_.path() + "/advisories",
            .fetch = {}};
  }

  base::RealClock clock_;
  base::NoFailpoints failpoints_;
  FeedSource source_{Options({feed_.path()}), clock_, failpoints_};
};

TEST_F(FeedSourceTest, AFeedIsMatchedWith) {
  PutAdvisory("DSA-1", "openssl");
  const auto update = source_.Refresh();
  ASSERT_TRUE(update.ok()) << update.status();
  ASSERT_TRUE(update->has_value());
  const auto detection = (*update)->detector->Detect(Debian("openssl"));
  ASSERT_TRUE(detection.ok()) << detection.status();
  EXPECT_THAT(detection->lookups,
              ::testing::Contains(store::Lookup{"Debian:12", "openssl"}));
  EXPECT_THAT(detection->lookups,
              ::testing::Contains(store::Lookup{"Debian:12", ""}));
  EXPECT_EQ(detection->database, (*update)->version);
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
  const auto& lookups = (*update)->changed.value().lookups;
  EXPECT_THAT(lookups, ElementsAre(store::Lookup{"Debian:12", "zlib"}));
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
  FeedSource none(Options({}), clock_, failpoints_);
  const auto update = none.Refresh();
  ASSERT_TRUE(update.ok()) << update.status();
  EXPECT_TRUE((*update)->detector->Detect(Debian("openssl"))->no_advisory_data);
}

TEST_F(FeedSourceTest, AppliedSettingsReplaceTheConfiguredFeedsAndStay) {
  PutAdvisory("DSA-1", "openssl");
  ASSERT_TRUE(source_.Refresh().ok());
  AdvisorySettings settings;
  settings.interval = absl::Hours(3);
  settings.sources = {{.name = "given",
                       .format = "osv",
                       .location = "",
                       .files = {{"a.json", R"({"id": "X", "affected":
      [{"package": {"ecosystem": "Debian:12", "name": "zlib"},
        "versions": ["1"]}]})"}}}};
  ASSERT_TRUE(source_.Apply(settings).ok());
  EXPECT_TRUE(source_.IsStale());
  const auto update = source_.Refresh();
  ASSERT_TRUE(update.ok() && update->has_value()) << update.status();
  EXPECT_FALSE(source_.IsStale());
  EXPECT_EQ(source_.Interval(), absl::Hours(3));
  ASSERT_THAT(source_.Feeds(), SizeIs(1));
  EXPECT_EQ(source_.Feeds()[0].name, "given");
  EXPECT_THAT((*update)->detector->Detect(Debian("zlib"))->findings, SizeIs(1));

  FeedSource restarted(Options({feed_.path()}), clock_, failpoints_);
  EXPECT_EQ(restarted.Interval(), absl::Hours(3));
  ASSERT_TRUE(restarted.Apply({}).ok());
  ASSERT_TRUE(restarted.Refresh().ok());
  EXPECT_EQ(restarted.Feeds().at(0).format, "osv");
  EXPECT_EQ(restarted.Interval(), std::nullopt);
}

TEST_F(FeedSourceTest, SettingsThatCannotBeAreRefused) {
  const auto apply = [&](const AdvisorySourceSpec& source) {
    return source_.Apply({.sources = {source}}).code();
  };
  for (const AdvisorySourceSpec& bad : std::vector<AdvisorySourceSpec>{
           {.name = "a", .format = "none", .location = "https://x/"},
           {.name = "a", .format = "osv", .location = "/etc"},
           {.name = "a", .format = "osv"},
           {.name = "../a", .format = "osv", .location = "https://x/"},
           {.name = "a", .format = "osv", .files = {{"../x", ""}}}}) {
    EXPECT_EQ(apply(bad), absl::StatusCode::kInvalidArgument)
        << bad.name << bad.location;
  }
  EXPECT_FALSE(source_.IsStale());
}

TEST_F(FeedSourceTest, AFeedThatIsNotThereIsAnError) {
  FeedSource missing(Options({feed_.path() + "/missing"}), clock_, failpoints_);
  EXPECT_EQ(missing.Refresh().status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace landwaiter::analyzer::service
