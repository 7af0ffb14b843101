#include "analyzer/advisory/photon/photon.h"

#include <string>

#include "analyzer/advisory/rpm/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kName[] = "photon/cve_data_photon4.0.json";

TEST(PhotonCveTest, RowsOfACveAreOneAdvisory) {
  const ReadFeed feed("photon-cve", kName, R"([
    {"cve_id": "CVE-2023-1001", "pkg": "curl", "cve_score": 3.7,
     "aff_ver": "all", "res_ver": "7.88-4.ph4", "status": "Fixed"},
    {"cve_id": "CVE-2023-1002", "pkg": "httpd", "cve_score": null,
     "res_ver": "NA", "status": "Not Affected"},
    {"cve_id": "CVE-2023-1001", "pkg": "mysql", "cve_score": 9.8,
     "res_ver": "8.0-1.ph4"},
    {"cve_id": "CVE-2023-1003", "pkg": "python3", "res_ver": "NA",
     "status": "Fixed"},
    {"cve_id": "UNK-1", "pkg": "curl", "res_ver": "1-1.ph4"}])");
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.skipped, IsEmpty());
  EXPECT_THAT(feed.advisories, SizeIs(2));
  const Advisory& advisory = feed.Get("CVE-2023-1001");
  EXPECT_THAT(Lines(advisory),
              ElementsAre("Photon OS:4.0 curl <7.88-4.ph4",
                          "Photon OS:4.0 curl source <7.88-4.ph4",
                          "Photon OS:4.0 mysql <8.0-1.ph4",
                          "Photon OS:4.0 mysql source <8.0-1.ph4"));
  EXPECT_EQ(advisory.details.severity, model::Severity::kCritical);
  EXPECT_EQ(advisory.affected.at(0).severity, model::Severity::kLow);
  EXPECT_THAT(Lines(feed.Get("CVE-2023-1002")),
              ElementsAre("Photon OS:4.0 httpd not affected",
                          "Photon OS:4.0 httpd source not affected"));
}

TEST(PhotonCveTest, BrokenRowsAreSkipped) {
  const ReadFeed feed("photon-cve", kName, R"([
    7, {"pkg": "a"}, {"cve_id": "CVE-2023-1001"},
    {"cve_id": ["CVE-2023-1001"], "pkg": "a"},
    {"cve_id": "CVE-2023-1001", "pkg": "a", "res_ver": 7},
    {"cve_id": "CVE-2023-1001", "pkg": "a", "res_ver": "7", "cve_score": "x"},
    {"cve_id": "CVE-2023-1001", "pkg": {"a": [[[[]]]]}, "res_ver": "7"}])");
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.skipped, SizeIs(6));
  EXPECT_EQ(feed.skipped[0].where, std::string(kName) + ": row 1");
  EXPECT_EQ(feed.skipped[0].problem, RecordProblem::kBadField);
  EXPECT_THAT(Lines(feed.Get("CVE-2023-1001")), SizeIs(2));
}

TEST(PhotonCveTest, ABrokenFileIsAnError) {
  for (const char* text : {"", "[", "{}", "[{\"cve_id\": ]", "null"}) {
    EXPECT_THAT(ReadFeed("photon-cve", kName, text).status.message(),
                HasSubstr("is no JSON array"))
        << text;
  }
  EXPECT_THAT(ReadFeed("photon-cve", "cve.json", "[]").status.message(),
              HasSubstr("is not called"));
  const PhotonCve format;
  EXPECT_TRUE(format.Reads(kName));
  EXPECT_FALSE(format.Reads("photon_versions.json"));
}

TEST(PhotonCveTest, SamplesAreWhatOthersMakeOfThem) {
  const auto corpus = landwaiter::testing::Corpus();
  if (!corpus) GTEST_SKIP() << "needs LANDWAITER_CORPUS";
  const auto read = [&](const std::string& path) {
    return ReadFeed("photon-cve", path,
                    landwaiter::testing::ReadFile(
                        *corpus + "/vulndb/native/samples/" + path));
  };
  const ReadFeed three =
      read("vuln-list-update/photon/testdata/cve_data_photon3.0.json");
  EXPECT_THAT(Lines(three.Get("CVE-2019-10072")),
              ElementsAre("Photon OS:3.0 apache-tomcat <8.5.40-2.ph3",
                          "Photon OS:3.0 apache-tomcat source <8.5.40-2.ph3"));
  // vuln-list-update does not tell it from an open one.
  EXPECT_THAT(Lines(three.Get("CVE-2025-0725")),
              ElementsAre("Photon OS:3.0 curl not affected",
                          "Photon OS:3.0 curl source not affected"));
  const ReadFeed four =
      read("vunnel/photon/test-fixtures/input/cve_data_photon4.0.json");
  EXPECT_THAT(Lines(four.Get("CVE-2023-38546")),
              ElementsAre("Photon OS:4.0 curl <7.88.1-4.ph4",
                          "Photon OS:4.0 curl source <7.88.1-4.ph4",
                          "Photon OS:4.0 curl-libs <7.88.1-4.ph4",
                          "Photon OS:4.0 curl-libs source <7.88.1-4.ph4"));
  // vunnel leaves out what has no CVE, and has python3 as open for
  // CVE-2023-50447, which is said to be fixed in no version.
  EXPECT_THAT(Lines(four.Get("BDSA-2025-0719")), SizeIs(2));
  EXPECT_THAT(four.advisories, SizeIs(4));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
