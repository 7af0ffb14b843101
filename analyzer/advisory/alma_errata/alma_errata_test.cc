#include "analyzer/advisory/alma_errata/alma_errata.h"

#include <set>
#include <string>

#include "analyzer/advisory/rpm/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

constexpr char kErratum[] = R"({
  "updateinfo_id": "ALSA-2021:1", "type": "security", "severity": "Important",
  "title": "Important: virt:rhel update",
  "issued_date": {"$date": 1629790196000}, "updated_date": {"$date": "x"},
  "references": [{"href": "https://a", "type": "cve", "id": "CVE-2021-1001"},
                 {"href": "https://b", "type": "self", "id": "ALSA-2021:1"}],
  "pkglist": {"module": {"name": "virt", "stream": "rhel"}, "packages": [
    {"name": "libiscsi", "epoch": "1", "version": "1.18", "arch": "i686",
     "release": "8.module_el8.4.0+2523"},
    {"name": "libiscsi", "epoch": "1", "version": "1.18", "arch": "x86_64",
     "release": "8.module_el8.4.0+2523"},
    {"name": "libiscsi", "epoch": "1", "version": "1.18", "arch": "src",
     "release": "8.module_el8.4.0+2523"}]}})";

TEST(AlmaErrataTest, AnErratumKeepsWhatItSays) {
  const ReadFeed feed("alma-errata", "errata.json",
                      "[" + std::string(kErratum) + "]", 5);
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  const Advisory& advisory = feed.Get("ALSA-2021:1");
  EXPECT_THAT(Lines(advisory), ElementsAre("AlmaLinux:8 libiscsi (virt:rhel) "
                                           "<1:1.18-8.module_el8.4.0+2523"));
  EXPECT_EQ(advisory.details.severity, model::Severity::kHigh);
  EXPECT_EQ(advisory.details.published, "2021-08-24T07:29:56Z");
  EXPECT_EQ(advisory.details.modified, "");
  EXPECT_THAT(advisory.details.aliases, ElementsAre("CVE-2021-1001"));
  EXPECT_THAT(advisory.details.references,
              ElementsAre("https://a", "https://b"));
}

TEST(AlmaErrataTest, BrokenErrataAreSkippedAndTheRestIsRead) {
  const ReadFeed feed("alma-errata", "errata.json",
                      "[7, {\"type\": \"security\", \"pkglist\": []}, "
                      "{\"updateinfo_id\": 7}, {\"type\": \"bugfix\"}, " +
                          std::string(kErratum) + "]");
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.advisories, SizeIs(1));
  ASSERT_THAT(feed.skipped, SizeIs(3));
  EXPECT_EQ(feed.skipped[0].where, "errata.json: 1");
  EXPECT_EQ(feed.skipped[0].problem, RecordProblem::kBadField);
}

TEST(AlmaErrataTest, ABrokenFileIsAnError) {
  for (const char* text : {"", "[", "[{\"updateinfo_id\": \"A\"}", "x"}) {
    EXPECT_FALSE(ReadFeed("alma-errata", "errata.json", text).status.ok())
        << text;
  }
}

TEST(AlmaErrataTest, SamplesAreReadAsOthersReadThem) {
  const auto corpus = landwaiter::testing::Corpus();
  if (!corpus) GTEST_SKIP() << "needs LANDWAITER_CORPUS";
  const std::string folder =
      *corpus + "/vulndb/native/samples/vuln-list-update/alma/testdata/";
  const ReadFeed feed("alma-errata", "errata.json",
                      landwaiter::testing::ReadFile(folder + "errata.json"));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.skipped, IsEmpty());
  EXPECT_THAT(feed.advisories, SizeIs(3));
  for (const char* path :
       {"2020/ALSA-2020_0279", "2021/ALSA-2021_3152", "2021/ALSA-2021_3253"}) {
    const Json golden = Json::parse(
        landwaiter::testing::ReadFile(folder + "golden/" + path + ".json"));
    const Advisory& advisory =
        feed.Get(golden.at("updateinfo_id").get<std::string>());
    std::set<std::string> expected, packages;
    for (const Json& package : golden.at("pkglist").at("packages")) {
      if (package.at("arch") == "src") continue;
      expected.insert(package.at("name").get<std::string>());
    }
    for (const Affected& entry : advisory.affected) {
      EXPECT_EQ(entry.ecosystem, "AlmaLinux:8");
      packages.insert(entry.package);
    }
    EXPECT_EQ(packages, expected) << path;
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
