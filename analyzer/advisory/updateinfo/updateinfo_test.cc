#include "analyzer/advisory/updateinfo/updateinfo.h"

#include <algorithm>
#include <set>
#include <string>

#include "analyzer/advisory/rpm/testing.h"
#include "analyzer/advisory/updateinfo/stream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kNginx[] = R"(
  <update type="security"><id>ALAS2NGINX1-2021-001</id>
    <title>Amazon Linux 2 - nginx: medium &lt;fix&gt;</title>
    <issued date="2021-09-02 23:00"/><updated date="2021-09-03 01:02"/>
    <severity>medium</severity>
    <references>
      <reference href="http://a/CVE-2021-23017" id="CVE-2021-23017" type="cve"/>
    </references>
    <pkglist><collection short="amazon-linux-2"><name>Amazon Linux 2</name>
      <package arch="x86_64" epoch="1" name="nginx" version="1.20.0"
               release="2.amzn2"><filename>x.rpm</filename></package>
      <package arch="aarch64" epoch="1" name="nginx" version="1.20.0"
               release="2.amzn2"/>
      <package arch="src" epoch="1" name="nginx" version="1.20.0"
               release="2.amzn2"/>
      <package arch="noarch" epoch="0" name="nginx-filesystem" version="2.1"
               release="1"/>
    </collection></pkglist>
  </update>)";

std::string Updates(const std::string& inside) {
  return "<?xml version=\"1.0\"?><updates>" + inside + "</updates>";
}

TEST(UpdateinfoTest, AnErratumKeepsWhatItSays) {
  const ReadFeed feed("amazon-alas", "updateinfo.xml", Updates(kNginx), 5);
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  const Advisory& advisory = feed.Get("ALAS2NGINX1-2021-001");
  EXPECT_EQ(advisory.details.summary, "Amazon Linux 2 - nginx: medium <fix>");
  EXPECT_EQ(advisory.details.severity, model::Severity::kMedium);
  EXPECT_EQ(advisory.details.published, "2021-09-02T23:00:00Z");
  EXPECT_EQ(advisory.details.modified, "2021-09-03T01:02:00Z");
  EXPECT_THAT(advisory.details.aliases, ElementsAre("CVE-2021-23017"));
  EXPECT_THAT(advisory.details.references,
              ElementsAre("http://a/CVE-2021-23017"));
  EXPECT_THAT(Lines(advisory),
              ElementsAre("Amazon Linux:2 nginx >=1:1 <1:1.20.0-2.amzn2",
                          "Amazon Linux:2 nginx-filesystem <2.1-1"));
}

TEST(UpdateinfoTest, ReleasesAndStreamsOfAmazonComeOfTheId) {
  EXPECT_EQ(AmazonRelease("ALAS-2018-939"), "1");
  EXPECT_EQ(AmazonRelease("ALAS2-2018-939"), "2");
  EXPECT_EQ(AmazonRelease("ALASDOCKER-2021-001"), "2");
  EXPECT_EQ(AmazonRelease("ALAS2KERNEL-5.10-2022-011"), "2");
  EXPECT_EQ(AmazonRelease("ALAS2022-2021-001"), "2022");
  EXPECT_EQ(AmazonRelease("ALAS2023LIVEPATCH-2023-001"), "2023");
  EXPECT_EQ(AmazonRelease("ALAS9-2023-001"), "");
  EXPECT_EQ(AmazonRelease("RHSA-2023:1"), "");
  EXPECT_EQ(AmazonRelease("ALASX"), "");
  EXPECT_EQ(StreamStart("ALAS2PHP8.0-2023-003", "8.0.27-1.amzn2"), "8.0");
  EXPECT_EQ(StreamStart("ALAS2PHP8.0-2023-003", "8.01-1"), "0");
  EXPECT_EQ(StreamStart("ALAS2KERNEL-5.10-2022-011", "5.10.9-1"), "5.10");
  EXPECT_EQ(StreamStart("ALAS2DOCKER-2021-001", "20.10-1"), "0");
  EXPECT_EQ(StreamStart("ALAS2-2018-939", "4.9-1"), "0");
}

TEST(UpdateinfoTest, RebuildsNameTheirReleaseOrTagTheirPackages) {
  EXPECT_EQ(EnterpriseLinuxTag("3.el8_4"), "8");
  EXPECT_EQ(EnterpriseLinuxTag("4.module+el8.5.0+738+032c9c02"), "8");
  EXPECT_EQ(EnterpriseLinuxTag("8.module_el8.4.0+2523"), "8");
  EXPECT_EQ(EnterpriseLinuxTag("1.el10"), "10");
  EXPECT_EQ(EnterpriseLinuxTag("1.model8"), "");
  const auto erratum = [](const std::string& release, const std::string& name) {
    return Updates(
        "<update type='security'><id>X-1</id><release>" + release +
        "</release><pkglist><collection><name>" + name +
        "</name><module name='nodejs' stream='18'/><package name='nodejs' "
        "version='18.1' release='2.module+el8.7.0+1' epoch='1' arch='x86_64'/>"
        "</collection></pkglist></update>");
  };
  EXPECT_THAT(
      Lines(ReadFeed("rocky-updateinfo", "f", erratum("Rocky Linux 9", ""))
                .Get("X-1")),
      ElementsAre("Rocky Linux:9 nodejs (nodejs:18) "
                  "<1:18.1-2.module+el8.7.0+1"));
  EXPECT_THAT(
      Lines(ReadFeed("alma-updateinfo", "f",
                     erratum("0", "almalinux-8-for-x86_64-appstream"))
                .Get("X-1")),
      ElementsAre("AlmaLinux:8 nodejs (nodejs:18) <1:18.1-2.module+el8.7.0+1"));
}

TEST(UpdateinfoTest, FedoraHasItsCvesInTheTitlesOfBugs) {
  const ReadFeed feed("fedora-updateinfo", "f", Updates(R"(
    <update type="security"><id>FEDORA-2023-1</id><release>Fedora 38</release>
      <references><reference id="2165379" type="bugzilla"
        title="CVE-2023-1234 CVE-2023-5678 vim: x [fedora-38]"/></references>
      <pkglist><collection short="F38"><name>Fedora 38</name>
        <package name="vim-common" epoch="2" version="9.0" release="1.fc38"
                 arch="x86_64"/></collection></pkglist></update>
    <update type="security"><id>FEDORA-EPEL-2023-1</id>
      <release>Fedora EPEL 8</release><pkglist><collection>
        <package name="vim" version="9.0" release="1.el8" arch="x86_64"/>
      </collection></pkglist></update>)"));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.Get("FEDORA-2023-1").details.aliases,
              ElementsAre("CVE-2023-1234", "CVE-2023-5678"));
  EXPECT_THAT(Lines(feed.Get("FEDORA-2023-1")),
              ElementsAre("Fedora:38 vim-common <2:9.0-1.fc38"));
  // EPEL is no Fedora, and no release's own.
  EXPECT_THAT(feed.advisories, SizeIs(1));
}

TEST(UpdateinfoTest, ErrataWithoutASecurityFixAreNoAdvisories) {
  const ReadFeed feed("rocky-updateinfo", "f", Updates(R"(
    <update type="bugfix"><id>RLBA-1</id><pkglist><collection>
      <package name="a" version="1" release="1.el8" arch="x86_64"/>
      </collection></pkglist></update>
    <update type="bugfix"><id>RLBA-2</id>
      <references><reference id="CVE-2023-1234" type="cve"/></references>
      <pkglist><collection>
      <package name="a" version="1" release="1.el8" arch="x86_64"/>
      </collection></pkglist></update>)"));
  ASSERT_THAT(feed.advisories, SizeIs(1));
  EXPECT_EQ(feed.advisories[0].details.id, "RLBA-2");
  EXPECT_THAT(feed.skipped, IsEmpty());
}

TEST(UpdateinfoTest, ABrokenErratumIsSkippedAndTheRestIsRead) {
  const ReadFeed feed(
      "amazon-alas", "f",
      Updates("<update type='security'><pkglist/></update>"
              "<update type='security'><id>ALAS-2018-1</id><pkglist>"
              "<collection><package name='a'/></collection></pkglist></update>"
              "<other><package name='x'/></other>" +
              std::string(kNginx)));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.advisories, SizeIs(1));
  ASSERT_THAT(feed.skipped, SizeIs(2));
  EXPECT_EQ(feed.skipped[0].problem, RecordProblem::kNoId);
  EXPECT_EQ(feed.skipped[1].problem, RecordProblem::kBadField);
  EXPECT_EQ(feed.skipped[1].where, "f: ALAS-2018-1");
}

TEST(UpdateinfoTest, ABrokenFileIsAnError) {
  const std::string whole = Updates(kNginx);
  for (const std::string& text :
       {whole.substr(0, whole.size() - 9), std::string("<repomd/>"),
        std::string(), std::string("{}")}) {
    const ReadFeed feed("amazon-alas", "updateinfo.xml", text);
    EXPECT_THAT(feed.status.message(), HasSubstr("updateinfo.xml")) << text;
  }
}

// What another importer (vuln-list-update) made of the same files.
class UpdateinfoCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto corpus = landwaiter::testing::Corpus();
    if (!corpus) GTEST_SKIP() << "needs LANDWAITER_CORPUS";
    samples_ = *corpus + "/vulndb/native/samples/vuln-list-update/";
  }

  // The ids and packages ("name epoch:version-release") of its JSON.
  static std::set<std::string> PackagesOf(const nlohmann::json& golden) {
    std::set<std::string> packages;
    for (const auto& package : golden.at("packages")) {
      packages.insert(package.at("name").get<std::string>() + " <" +
                      EvrText(package));
    }
    return packages;
  }
  static std::string EvrText(const nlohmann::json& package) {
    const std::string epoch = package.at("epoch");
    return (epoch == "0" ? "" : epoch + ":") +
           package.at("version").get<std::string>() + "-" +
           package.at("release").get<std::string>();
  }
  static std::set<std::string> PackagesOf(const Advisory& advisory) {
    std::set<std::string> packages;
    for (const Affected& entry : advisory.affected) {
      packages.insert(entry.package + " <" + entry.ranges[0].back().version);
    }
    return packages;
  }
  void ExpectAsGolden(const ReadFeed& feed, const std::string& path) const {
    const auto golden =
        nlohmann::json::parse(landwaiter::testing::ReadFile(samples_ + path));
    const Advisory& advisory = feed.Get(golden.at("id").get<std::string>());
    EXPECT_EQ(PackagesOf(advisory), PackagesOf(golden)) << path;
    std::set<std::string> cves(advisory.details.aliases.begin(),
                               advisory.details.aliases.end());
    const auto expected = golden.at("cveids").get<std::vector<std::string>>();
    EXPECT_EQ(cves, std::set<std::string>(expected.begin(), expected.end()));
  }

  std::string samples_;
};

TEST_F(UpdateinfoCorpusTest, AmazonsErrataAreReadAsOthersReadThem) {
  const std::pair<const char*, std::vector<const char*>> kFiles[] = {
      {"1_item", {"ALAS2-2018-939"}},
      {"2_items", {"ALAS2-2018-942", "ALAS2-2018-949"}},
      {"AL2022", {"ALAS2022-2021-001"}},
      {"AL2023", {"ALAS2023-2023-001"}}};
  for (const auto& [file, ids] : kFiles) {
    const ReadFeed feed(
        "amazon-alas", "updateinfo.xml",
        landwaiter::testing::RunCommand("zcat " + samples_ +
                                        "amazon/testdata/fixtures/updateinfo_" +
                                        file + ".xml.gz"));
    ASSERT_TRUE(feed.status.ok()) << feed.status;
    EXPECT_THAT(feed.advisories, SizeIs(ids.size()));
    for (const char* id : ids) {
      ExpectAsGolden(feed,
                     "amazon/testdata/" + std::string(id) + ".json.golden");
    }
  }
}

TEST_F(UpdateinfoCorpusTest, RockysErrataAreReadAsOthersReadThem) {
  const ReadFeed feed(
      "rocky-updateinfo", "updateinfo.xml",
      landwaiter::testing::ReadFile(
          samples_ + "rocky/testdata/fixtures/happy/updateinfo.xml"));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.advisories, SizeIs(3));
  for (const char* id :
       {"2019/RLSA-2019_1972", "2021/RLSA-2021_2575", "2021/RLSA-2021_3057"}) {
    ExpectAsGolden(feed, "rocky/testdata/golden/" + std::string(id) + ".json");
  }
  EXPECT_THAT(Lines(feed.Get("RLSA-2019:1972")),
              ElementsAre("Rocky Linux:8 rubygem-abrt (ruby:2.6) "
                          "<0.3.0-4.module+el8.5.0+738+032c9c02",
                          "Rocky Linux:8 rubygem-bson (ruby:2.6) "
                          "<4.3.0-2.module+el8.4.0+592+03ff458a"));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
