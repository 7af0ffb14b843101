#include <map>
#include <regex>
#include <set>
#include <string>

#include "analyzer/advisory/rpm/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"

// OVAL of the publishers, and what other importers made of it.
namespace landwaiter::analyzer::advisory {
namespace {

using landwaiter::testing::ReadFile;
using landwaiter::testing::RunCommand;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;
using Json = nlohmann::json;

class OvalCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto corpus = landwaiter::testing::Corpus();
    if (!corpus) GTEST_SKIP() << "needs LANDWAITER_CORPUS";
    samples_ = *corpus + "/vulndb/native/samples/";
  }
  // A file of the samples, unpacked.
  std::string Text(const std::string& path) const {
    return path.ends_with(".bz2") ? RunCommand("bzcat " + samples_ + path)
                                  : ReadFile(samples_ + path);
  }
  std::string samples_;
};

using Pairs = std::set<std::string>;  // "package <version"

// Of the comments of a definition that was written down as JSON.
void CollectComments(const Json& json, Pairs& pairs) {
  static const std::regex kComment("(\\S+) is earlier than (?:0:)?(\\S+)");
  if (json.is_string()) {
    std::smatch match;
    const std::string text = json;
    if (std::regex_match(text, match, kComment)) {
      pairs.insert(match[1].str() + " <" + match[2].str());
    }
  }
  for (const Json& inner : json.is_structured() ? json : Json::array()) {
    CollectComments(inner, pairs);
  }
}

Pairs PairsOf(const Advisory& advisory) {
  Pairs pairs;
  for (const Affected& entry : advisory.affected) {
    pairs.insert(entry.package + " <" + entry.ranges.at(0).back().version);
  }
  return pairs;
}

// vuln-list-update writes definitions down as they are.
TEST_F(OvalCorpusTest, OracleHasAllPackagesAndCvesOfItsErrata) {
  const std::string folder = "vuln-list-update/oracle/oval/testdata/";
  const ReadFeed feed("oracle-oval", "oval.xml",
                      Text(folder + "all-positive-data.xml.bz2"));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.skipped, IsEmpty());
  size_t compared = 0;
  for (const Advisory& advisory : feed.advisories) {
    const std::string& id = advisory.details.id;
    const Json golden =
        Json::parse(ReadFile(samples_ + folder + "golden/" + id + ".json"));
    Pairs expected;
    CollectComments(golden, expected);
    EXPECT_EQ(PairsOf(advisory), expected) << id;
    std::set<std::string> cves;
    for (const Json& cve : golden.at("Cves")) cves.insert(cve.at("ID"));
    EXPECT_EQ(std::set<std::string>(advisory.details.aliases.begin(),
                                    advisory.details.aliases.end()),
              cves)
        << id;
    ++compared;
  }
  EXPECT_EQ(compared, 14u);
}

TEST_F(OvalCorpusTest, OraclesOldestErratumIsWhatOthersMakeOfIt) {
  const ReadFeed feed(
      "oracle-oval", "oval.xml",
      Text("vuln-list-update/oracle/oval/testdata/ELSA-2007-0057.xml"));
  const Json golden = Json::parse(
      ReadFile(samples_ + "vunnel/oracle/test-fixtures/snapshots/ol_5/"
                          "elsa-2007-0057.json"));
  const Json& expected = golden.at("item").at("Vulnerability");
  Pairs pairs;
  for (const Json& fixed : expected.at("FixedIn")) {
    pairs.insert(fixed.at("Name").get<std::string>() + " <" +
                 fixed.at("Version").get<std::string>());
  }
  const Advisory& advisory = feed.Get("ELSA-2007-0057");
  EXPECT_EQ(PairsOf(advisory), pairs);
  EXPECT_EQ(advisory.details.severity, model::Severity::kMedium);
  for (const Affected& entry : advisory.affected) {
    EXPECT_EQ(entry.ecosystem, "Oracle Linux:5");
  }
}

TEST_F(OvalCorpusTest, OraclesKspliceBuildsAreLeftOut) {
  const ReadFeed feed("oracle-oval", "oval.xml",
                      Text("vunnel/oracle/test-fixtures/mock_ksplice_data"));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  for (const Advisory& advisory : feed.advisories) {
    for (const std::string& line : Lines(advisory)) {
      EXPECT_EQ(line.find("ksplice"), line.npos) << line;
    }
  }
}

TEST_F(OvalCorpusTest, RedHatHasAllPackagesOfItsDefinitions) {
  const std::string folder = "vuln-list-update/redhat/oval/testdata/";
  const std::map<std::string, std::string> kFiles = {
      {"RHEL6/rhel-6-extras-including-unpatched",
       "6/rhel-6-extras-including-unpatched"},
      {"RHEL7/dotnet-3.1-including-unpatched",
       "7/dotnet-3.1-including-unpatched"},
      {"RHEL8/ansible-2-including-unpatched",
       "8/ansible-2-including-unpatched"}};
  for (const auto& [file, golden] : kFiles) {
    const ReadFeed feed("redhat-oval", file,
                        Text(folder + "happy/" + file + ".oval.xml.bz2"));
    ASSERT_TRUE(feed.status.ok()) << feed.status;
    EXPECT_THAT(feed.skipped, IsEmpty());
    for (const Advisory& advisory : feed.advisories) {
      const std::string& id = advisory.details.id;
      if (!id.starts_with("RH")) continue;
      std::string name = id;
      std::replace(name.begin(), name.end(), ':', '-');
      Pairs expected;
      CollectComments(
          Json::parse(ReadFile(samples_ + folder + "golden/" + golden +
                               "/definitions/" + id.substr(5, 4) + "/" + name +
                               ".json")),
          expected);
      EXPECT_EQ(PairsOf(advisory), expected) << id;
    }
  }
}

TEST_F(OvalCorpusTest, RedHatsUnfixedAndUnaffectedPackagesAreTold) {
  const ReadFeed feed("redhat-oval", "f",
                      Text("vuln-list-update/redhat/oval/testdata/happy/RHEL6/"
                           "rhel-6-extras-including-unpatched.oval.xml.bz2"));
  EXPECT_THAT(Lines(feed.Get("CVE-2014-3209")),
              ElementsAre("Red Hat:6 ldns", "Red Hat:6 ldns-devel",
                          "Red Hat:6 ldns-doc", "Red Hat:6 ldns-python"));
  EXPECT_THAT(Lines(feed.Get("CVE-2016-5391")),
              ElementsAre("Red Hat:6 libreswan not affected"));
  EXPECT_EQ(feed.Get("CVE-2016-5391").details.severity,
            model::Severity::kMedium);
}

TEST_F(OvalCorpusTest, SuseIsWhatOthersMakeOfIt) {
  const ReadFeed feed("suse-oval", "suse.linux.enterprise.15.xml",
                      Text("vunnel/sles/test-fixtures/suse_truncated.xml"));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(
      Lines(feed.Get("CVE-2010-1323")),
      ElementsAre("SUSE:Linux Enterprise Server 15 krb5 <1.15.2-4.25",
                  "SUSE:Linux Enterprise Server 15 krb5-32bit <1.15.2-4.25",
                  "SUSE:Linux Enterprise Server 15 krb5-client <1.15.2-4.25",
                  "SUSE:Linux Enterprise Server 15 krb5-devel <1.15.2-4.25",
                  "SUSE:Linux Enterprise Server 15 krb5-plugin-kdb-ldap "
                  "<1.15.2-4.25",
                  "SUSE:Linux Enterprise Server 15 krb5-plugin-preauth-otp "
                  "<1.15.2-4.25",
                  "SUSE:Linux Enterprise Server 15 "
                  "krb5-plugin-preauth-pkinit <1.15.2-4.25",
                  "SUSE:Linux Enterprise Server 15 krb5-server <1.15.2-4.25"));
  // Of the tests that this one names the file has but three.
  EXPECT_THAT(
      Lines(feed.Get("CVE-2021-29154")),
      IsSupersetOf({"SUSE:Linux Enterprise Server 15 SP1 kernel-default "
                    "<4.12.14-197.89.2",
                    "SUSE:Linux Enterprise Server 15 kernel-default "
                    "<4.12.14-150.72.1"}));
}

// vunnel compares the same ranges; the ids are OSV's.
TEST_F(OvalCorpusTest, AzureLinuxAndMarinerAreWhatOthersMakeOfThem) {
  const ReadFeed feed(
      "azure-linux-oval", "cbl-mariner-2.0-oval.xml",
      Text("vunnel/mariner/test-fixtures/mariner-truncated-2.0-oval.xml"));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(Lines(feed.Get("AZL-44771")),
              ElementsAre("Azure Linux:2 golang >=1.19.0.cm2 <1.20.7-1.cm2"));
  EXPECT_THAT(feed.Get("AZL-44771").details.aliases,
              ElementsAre("CVE-2023-29404"));
  const ReadFeed azure(
      "azure-linux-oval", "azurelinux-3.0-oval.xml",
      Text("vunnel/mariner/test-fixtures/azure-linux-truncated-3.0-oval.xml"));
  EXPECT_THAT(azure.advisories, SizeIs(3));
  EXPECT_THAT(Lines(azure.Get("AZL-39708")),
              ElementsAre("Azure Linux:3 freeglut <3.4.0-1.azl3"));
  const ReadFeed old("azure-linux-oval", "cbl-mariner-1.0-oval.xml",
                     Text("vuln-list-update/mariner/testdata/happy/"
                          "cbl-mariner-1.0-oval.xml"));
  ASSERT_TRUE(old.status.ok()) << old.status;
  for (const Advisory& advisory : old.advisories) {
    EXPECT_EQ(advisory.affected.at(0).ecosystem, "Azure Linux:1");
  }
  EXPECT_THAT(old.advisories, SizeIs(3));
}

TEST_F(OvalCorpusTest, AWholeFileOfPhotonIsReadWithAllItsPackages) {
  const std::string xml =
      Text("claircore/photon/testdata/com.vmware.phsa-photon3.xml");
  const ReadFeed feed("photon-oval", "com.vmware.phsa-photon3.xml", xml, 65536);
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.skipped, IsEmpty());
  // Each package of each definition has a line, which names it and its fix.
  static const std::regex kDefinition("<definition class=\"patch\"");
  static const std::regex kCriterion(
      "<criterion comment=\"\\S+ is earlier than ");
  const auto count = [&](const std::regex& what) {
    return static_cast<size_t>(
        std::distance(std::sregex_iterator(xml.begin(), xml.end(), what), {}));
  };
  EXPECT_EQ(feed.advisories.size(), count(kDefinition));
  size_t entries = 0;
  for (const Advisory& advisory : feed.advisories) {
    entries += advisory.affected.size();
    EXPECT_FALSE(advisory.details.aliases.empty()) << advisory.details.id;
  }
  EXPECT_EQ(entries, count(kCriterion));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
