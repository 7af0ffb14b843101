#include "analyzer/advisory/cvrf/cvrf.h"

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

constexpr char kSuse[] = R"(<cvrfdoc>
  <DocumentTitle>Security update for bind</DocumentTitle>
  <DocumentTracking><Identification><ID>SUSE-SU-2024:1-1</ID></Identification>
    <InitialReleaseDate>2024-01-02T03:04:05Z</InitialReleaseDate>
    <CurrentReleaseDate>2024-01-03T03:04:05Z</CurrentReleaseDate>
  </DocumentTracking>
  <DocumentReferences><Reference Type="Self"><URL>https://a</URL></Reference>
  </DocumentReferences>
  <ProductTree>
    <Relationship ProductReference="bind-9-1.2" RelationType="Default Component
      Of" RelatesToProductReference="SUSE Linux Enterprise Server 15 SP1">
      <FullProductName ProductID="x">x</FullProductName></Relationship>
    <Relationship ProductReference="bind-9-1.2"
      RelatesToProductReference="SUSE Linux Enterprise Desktop 15 SP1"/>
    <Relationship ProductReference="bind-9-1.2"
      RelatesToProductReference="SUSE Manager 4"/>
    <Relationship ProductReference="bind-utils-9-1.3"
      RelatesToProductReference="openSUSE Leap 15.1"/>
    <Relationship ProductReference="oddity"
      RelatesToProductReference="openSUSE Leap 15.1"/>
  </ProductTree>
  <Vulnerability><CVE>CVE-2024-1001</CVE>
    <Threats><Threat Type="Impact"><Description>moderate</Description></Threat>
    <Threat Type="Other"><Description>critical</Description></Threat></Threats>
    <CVSSScoreSets><ScoreSet><Vector>AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N</Vector>
    </ScoreSet></CVSSScoreSets></Vulnerability>
  <Vulnerability><CVE>CVE-2024-1002</CVE></Vulnerability></cvrfdoc>)";

TEST(CvrfTest, ADocumentOfSuseKeepsWhatItSays) {
  const ReadFeed feed("suse-cvrf", "cvrf-1.xml", kSuse, 5);
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  const Advisory& advisory = feed.Get("SUSE-SU-2024:1-1");
  EXPECT_THAT(Lines(advisory),
              ElementsAre("SUSE:Linux Enterprise Server 15 SP1 bind <9-1.2",
                          "openSUSE:Leap 15.1 bind-utils <9-1.3"));
  const Details& details = advisory.details;
  EXPECT_EQ(details.summary, "Security update for bind");
  EXPECT_EQ(details.severity, model::Severity::kMedium);
  EXPECT_EQ(details.published, "2024-01-02T03:04:05Z");
  EXPECT_EQ(details.modified, "2024-01-03T03:04:05Z");
  EXPECT_THAT(details.aliases, ElementsAre("CVE-2024-1001", "CVE-2024-1002"));
  EXPECT_THAT(details.references, ElementsAre("https://a"));
  ASSERT_THAT(details.cvss, SizeIs(1));
  EXPECT_EQ(details.cvss[0].vector,
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N");
}

TEST(CvrfTest, PackagesOfOpenEulerSayTheirSystem) {
  const ReadFeed feed("openeuler-cvrf", "cvrf-1.xml", R"(<cvrfdoc>
    <DocumentTracking><Identification><ID>openEuler-SA-1</ID></Identification>
    </DocumentTracking><ProductTree>
    <Branch Type="Product Name"><FullProductName ProductID="o"
      CPE="cpe:/a:openEuler:openEuler:22.03-LTS">openEuler-22.03-LTS</FullProductName></Branch>
    <Branch Type="Package Arch"><FullProductName ProductID="a-1-2"
      CPE="cpe:/a:openEuler:openEuler:22.03-LTS">a-1-2.oe2203.aarch64.rpm</FullProductName>
    <FullProductName ProductID="a-1-2"
      CPE="cpe:/a:openEuler:openEuler:22.03-LTS">a-1-2.oe2203.src.rpm</FullProductName>
    <FullProductName ProductID="b-1-2" CPE="cpe:/o:else:else:1">b-1-2.x86_64.rpm</FullProductName>
    </Branch></ProductTree></cvrfdoc>)");
  EXPECT_THAT(Lines(feed.Get("openEuler-SA-1")),
              ElementsAre("openEuler:22.03-LTS a <1-2.oe2203"));
}

TEST(CvrfTest, BrokenDocumentsAreSkipped) {
  const std::string whole = kSuse;
  for (const std::string& text :
       {whole.substr(0, whole.size() / 2), std::string("<updates/>"),
        std::string("{}"), std::string()}) {
    const ReadFeed feed("suse-cvrf", "cvrf-1.xml", text);
    EXPECT_TRUE(feed.status.ok()) << feed.status;
    EXPECT_THAT(feed.advisories, IsEmpty());
    ASSERT_THAT(feed.skipped, SizeIs(1));
    EXPECT_EQ(feed.skipped[0].problem, RecordProblem::kUnreadable);
  }
  const ReadFeed nameless("suse-cvrf", "cvrf-1.xml", "<cvrfdoc/>");
  ASSERT_THAT(nameless.skipped, SizeIs(1));
  EXPECT_EQ(nameless.skipped[0].problem, RecordProblem::kNoId);
}

// What vuln-list-update wrote down of the same documents: for those products
// that are read, the packages are all there.
class CvrfCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto corpus = landwaiter::testing::Corpus();
    if (!corpus) GTEST_SKIP() << "needs LANDWAITER_CORPUS";
    samples_ = *corpus + "/vulndb/native/samples/vuln-list-update/";
  }
  std::string samples_;
};

TEST_F(CvrfCorpusTest, SuseHasAllPackagesOfItsErrata) {
  const std::pair<const char*, const char*> kFiles[] = {
      {"opensuse-su-2015-0225-1", "openSUSE-SU-2015-0225-1"},
      {"opensuse-su-2016-3233-1", "openSUSE-SU-2016-3233-1"},
      {"opensuse-su-2018-1633-1", "openSUSE-SU-2018-1633-1"},
      {"suse-su-2018-1784-1", "SUSE-SU-2018-1784-1"},
      {"suse-su-2019-1608-1", "SUSE-SU-2019-1608-1"},
      {"suse-su-2019-3295-1", "SUSE-SU-2019-3295-1"}};
  for (const auto& [file, id] : kFiles) {
    const ReadFeed feed(
        "suse-cvrf", file,
        landwaiter::testing::ReadFile(
            samples_ + "suse/cvrf/testdata/cvrf/cvrf-" + file + ".xml"));
    const Json golden = Json::parse(landwaiter::testing::ReadFile(
        samples_ + "suse/cvrf/testdata/golden/" + id + ".json"));
    std::set<std::string> expected;
    for (const Json& relation : golden["ProductTree"]["Relationships"]) {
      const std::string product = relation["RelatesToProductReference"];
      if (product.starts_with("SUSE Linux Enterprise") ||
          (product.starts_with("openSUSE ") &&
           product.find("Evergreen") == product.npos)) {
        expected.insert(relation["ProductReference"].get<std::string>());
      }
    }
    ASSERT_THAT(feed.advisories, SizeIs(1)) << file;
    const Advisory& advisory = feed.advisories[0];
    EXPECT_EQ(advisory.details.id, golden["Tracking"]["ID"].get<std::string>());
    std::set<std::string> packages;
    for (const Affected& entry : advisory.affected) {
      packages.insert(entry.package + "-" + entry.ranges.at(0).at(1).version);
    }
    EXPECT_EQ(packages, expected) << file;
    std::set<std::string> cves;
    for (const Json& flaw : golden["Vulnerabilities"]) cves.insert(flaw["CVE"]);
    EXPECT_EQ(std::set<std::string>(advisory.details.aliases.begin(),
                                    advisory.details.aliases.end()),
              cves);
  }
}

TEST_F(CvrfCorpusTest, OpenEulerIsReadWithAllItsPackages) {
  for (const char* id : {"openEuler-SA-2021-1033", "openEuler-SA-2022-1693",
                         "openEuler-SA-2023-1374", "openEuler-SA-2024-1349"}) {
    const ReadFeed feed(
        "openeuler-cvrf", id,
        landwaiter::testing::ReadFile(samples_ + "openeuler/testdata/cvrf-" +
                                      id + ".xml"));
    const Advisory& advisory = feed.Get(id);
    EXPECT_FALSE(advisory.affected.empty()) << id;
    EXPECT_FALSE(advisory.details.aliases.empty()) << id;
    EXPECT_NE(advisory.details.severity, model::Severity::kUnknown) << id;
  }
  const ReadFeed feed(
      "openeuler-cvrf", "f",
      landwaiter::testing::ReadFile(
          samples_ + "openeuler/testdata/cvrf-openEuler-SA-2022-1693.xml"));
  EXPECT_THAT(Lines(feed.Get("openEuler-SA-2022-1693")),
              ElementsAre("openEuler:20.03-LTS-SP3 "
                          "python-XStatic-jquery-ui-help <1.12.1.1-2.oe1",
                          "openEuler:20.03-LTS-SP3 "
                          "python3-XStatic-jquery-ui <1.12.1.1-2.oe1"));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
