#include <string>

#include "analyzer/advisory/rpm/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

// The formats in OVAL, against files in the form of each publisher.
namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A package that a criterion is about, and a test that says `evr` of it.
struct Fact {
  std::string name, package, evr, operation = "less than", more;
};

std::string Definition(const std::string& kind, const std::string& id,
                       const std::string& metadata,
                       const std::string& criteria) {
  return "<definition class='" + kind + "' id='" + id + "'><metadata>" +
         metadata + "</metadata>" + criteria + "</definition>";
}

std::string Document(const std::string& definitions,
                     const std::vector<Fact>& facts) {
  std::string tests, objects, states;
  for (const Fact& fact : facts) {
    tests += "<rpminfo_test id='t:" + fact.name + "' " + fact.more +
             "><object object_ref='o:" + fact.name + "'/>";
    if (!fact.evr.empty()) {
      tests += "<state state_ref='s:" + fact.name + "'/>";
      states += "<rpminfo_state id='s:" + fact.name + "'><evr operation='" +
                fact.operation + "'>" + fact.evr + "</evr></rpminfo_state>";
    }
    tests += "</rpminfo_test>";
    objects += "<rpminfo_object id='o:" + fact.name + "'><name>" +
               fact.package + "</name></rpminfo_object>";
  }
  // A release, a module: tests of something else.
  tests +=
      "<textfilecontent54_test id='t:other'><object object_ref='o:other'/>"
      "</textfilecontent54_test>";
  return "<oval_definitions><generator/><definitions>" + definitions +
         "</definitions><tests>" + tests + "</tests><objects>" + objects +
         "</objects><states>" + states + "</states></oval_definitions>";
}

std::string If(const std::string& comment, const std::string& test = "other") {
  return "<criterion comment='" + comment + "' test_ref='t:" + test + "'/>";
}
std::string All(const std::string& inside) {
  return "<criteria operator='AND'>" + inside + "</criteria>";
}
std::string Any(const std::string& inside) {
  return "<criteria operator='OR'>" + inside + "</criteria>";
}

constexpr char kErratum[] = R"(
  <title>RHSA-2022:1: nodejs:14 security update (Important)</title>
  <reference ref_id="RHSA-2022:1" ref_url="https://r/RHSA-2022:1" source="RHSA"/>
  <reference ref_id="CVE-2022-0001" ref_url="https://r/CVE-2022-0001" source="CVE"/>
  <description>Node.js is a platform.
More.</description>
  <advisory from="secalert@redhat.com"><severity>Important</severity>
    <issued date="2022-01-16"/><updated date="2022-01-17"/>
    <cve cvss3="7.5/CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"
         cwe="CWE-787-&gt;CWE-122">CVE-2022-0001</cve>
    <affected_cpe_list><cpe>cpe:/a:redhat:enterprise_linux:8::appstream</cpe>
      <cpe>cpe:/a:redhat:rhel_eus:8.6::appstream</cpe></affected_cpe_list>
  </advisory>)";

TEST(RedHatOvalTest, AnErratumKeepsWhatItSays) {
  const ReadFeed feed(
      "redhat-oval", "f.oval.xml",
      Document(
          Definition(
              "patch", "oval:com.redhat.rhsa:def:20221", kErratum,
              Any(If("Red Hat Enterprise Linux must be installed") +
                  All(If("Red Hat Enterprise Linux 8 is installed") +
                      If("Module nodejs:14 is enabled") +
                      Any(All(If("nodejs is earlier than 1:14.1-2", "n") +
                              If("nodejs is signed with Red Hat key", "x")) +
                          All(If("npm is earlier than 0:6-1", "m") +
                              If("npm is signed with Red Hat key", "x")))))),
          {{"n", "nodejs", "1:14.1-2"}, {"m", "npm", "0:6-1"}}),
      5);
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  const Advisory& advisory = feed.Get("RHSA-2022:1");
  EXPECT_THAT(Lines(advisory),
              ElementsAre("Red Hat:8 nodejs (nodejs:14) <1:14.1-2",
                          "Red Hat:8 npm (nodejs:14) <6-1"));
  const Details& details = advisory.details;
  EXPECT_EQ(details.summary, "nodejs:14 security update (Important)");
  EXPECT_EQ(details.severity, model::Severity::kHigh);
  EXPECT_EQ(details.published, "2022-01-16T00:00:00Z");
  EXPECT_EQ(details.modified, "2022-01-17T00:00:00Z");
  EXPECT_THAT(details.aliases, ElementsAre("CVE-2022-0001"));
  EXPECT_THAT(details.cwes, ElementsAre("CWE-787", "CWE-122"));
  EXPECT_THAT(details.references,
              ElementsAre("https://r/RHSA-2022:1", "https://r/CVE-2022-0001"));
  ASSERT_THAT(details.cvss, SizeIs(1));
  EXPECT_EQ(details.cvss[0].vector,
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
}

TEST(RedHatOvalTest, WhatIsNotFixedSaysWhy) {
  const auto unfixed = [](const std::string& package, const std::string& test) {
    return All(If("Red Hat Enterprise Linux 8 is installed") +
               If(package + " is installed", test) +
               If(package + " is signed with Red Hat key", "x"));
  };
  const std::string title =
      "<title>CVE-2020-1 x</title><reference source='CVE' "
      "ref_id='CVE-2020-1001'/><advisory><affected>"
      "<resolution state='Will not fix'><component>a</component></resolution>"
      "<resolution state='Fix deferred'><component>mod:1/b</component>"
      "</resolution></affected></advisory>";
  const ReadFeed feed(
      "redhat-oval", "f",
      Document(
          Definition(
              "vulnerability", "oval:com.redhat.cve:def:1", title,
              Any(unfixed("a", "a") + unfixed("b", "b") + unfixed("c", "c"))) +
              Definition("vulnerability", "oval:com.redhat.unaffected:def:2",
                         "<reference source='CVE' ref_id='CVE-2020-1002'/>",
                         All(If("Red Hat Enterprise Linux 6 is installed") +
                             If("d is installed", "d") +
                             If("d is not installed", "e"))),
          {{"a", "a", ""},
           {"b", "b", ""},
           {"c", "c", ""},
           {"d", "d", ""},
           {"e", "d", "", "", "check_existence='none_exist'"}}));
  EXPECT_THAT(
      Lines(feed.Get("CVE-2020-1001")),
      ElementsAre("Red Hat:8 a will not fix \"Will not fix\"",
                  "Red Hat:8 b deferred \"Fix deferred\"", "Red Hat:8 c"));
  EXPECT_THAT(Lines(feed.Get("CVE-2020-1002")),
              ElementsAre("Red Hat:6 d not affected"));
}

TEST(RedHatOvalTest, ErrataWithoutAFlawAreNoAdvisories) {
  const auto erratum = [](const std::string& id, bool cve) {
    return Definition(
        "patch", "oval:x:def:1",
        "<reference source='RHSA' ref_id='" + id + "'/>" +
            (cve ? "<reference source='CVE' ref_id='CVE-2020-1001'/>" : ""),
        All(If("Red Hat Enterprise Linux 8 is installed") +
            If("a is earlier than 1", "a")));
  };
  const ReadFeed feed(
      "redhat-oval", "f",
      Document(erratum("RHBA-1", false) + erratum("RHBA-2", true) +
                   erratum("RHSA-3", false),
               {{"a", "a", "0:1-1"}}));
  ASSERT_THAT(feed.advisories, SizeIs(2));
  EXPECT_EQ(feed.advisories[0].details.id, "RHBA-2");
  EXPECT_EQ(feed.advisories[1].details.id, "RHSA-3");
}

TEST(OracleOvalTest, KspliceAndFipsAreLeftOutAndX86StandsForAll) {
  const std::string title =
      "<title> ELSA-2021-1:  openssl security update (IMPORTANT) </title>"
      "<reference source='elsa' ref_id='ELSA-2021-1'/>"
      "<advisory><severity>IMPORTANT</severity></advisory>";
  const auto on = [](const std::string& architecture,
                     const std::string& inside) {
    return All(If("Oracle Linux arch is " + architecture) + Any(inside));
  };
  const ReadFeed feed(
      "oracle-oval", "f",
      Document(
          Definition(
              "patch", "oval:com.oracle.elsa:def:1", title,
              All(If("Oracle Linux 8 is installed") +
                  Any(on("aarch64",
                         If("openssl is earlier than 1:1-3", "arm")) +
                      on("x86_64",
                         If("openssl is earlier than 1:1-2", "x86") +
                             If("openssl is earlier than 2:1", "ksplice") +
                             If("openssl is earlier than 10:1", "fips"))))),
          {{"arm", "openssl", "1:1-3.el8"},
           {"x86", "openssl", "1:1-2.el8"},
           {"ksplice", "openssl", "2:1-2.ksplice1.el8"},
           {"fips", "openssl", "10:1-2.el8_fips"}}));
  const Advisory& advisory = feed.Get("ELSA-2021-1");
  EXPECT_EQ(advisory.details.summary, "openssl security update (IMPORTANT)");
  EXPECT_EQ(advisory.details.severity, model::Severity::kHigh);
  EXPECT_THAT(Lines(advisory),
              ElementsAre("Oracle Linux:8 openssl <1:1-2.el8"));
}

TEST(SuseOvalTest, ProductsOfAServicePackAreOne) {
  const ReadFeed feed(
      "suse-oval", "f",
      Document(
          Definition(
              "vulnerability", "oval:org.opensuse.security:def:1",
              "<title>CVE-2021-1001</title>",
              Any(All(Any(If("SUSE Linux Enterprise Server 15 SP1-LTSS is "
                             "installed") +
                          If("SUSE Linux Enterprise Module for Basesystem 15 "
                             "SP1 is installed") +
                          If("SUSE Manager Server 4.1 is installed") +
                          If("openSUSE Leap 15.1 is installed")) +
                      Any(If("krb5-1-2 is installed", "k"))) +
                  All(If("SUSE Linux Enterprise Server 12 SP5 is installed") +
                      Any(If("krb5 is not affected", "n"))) +
                  All(If("SUSE Linux Enterprise Server 15 is installed") +
                      Any(If("krb5 is affected", "a"))))),
          {{"k", "krb5", "0:1-2"},
           {"n", "krb5", "0:0-0", "equals"},
           {"a", "krb5", "0:0-0", "greater than"}}));
  EXPECT_THAT(
      Lines(feed.Get("CVE-2021-1001")),
      ElementsAre("SUSE:Linux Enterprise Server 12 SP5 krb5 not affected",
                  "SUSE:Linux Enterprise Server 15 SP1 krb5 <1-2",
                  "SUSE:Linux Enterprise Server 15 krb5",
                  "openSUSE:Leap 15.1 krb5 <1-2"));
}

TEST(AzureLinuxOvalTest, BoundsOfOnePackageAreOneRange) {
  const auto metadata = [](const std::string& id) {
    return "<title>CVE-2023-1001 affecting package golang</title>"
           "<reference source='CVE' ref_id='CVE-2023-1001'/><advisory_id>" +
           id +
           "</advisory_id><advisory_date>2024-04-17T22:02:46Z"
           "</advisory_date><severity>Critical</severity>";
  };
  const ReadFeed feed(
      "azure-linux-oval", "azurelinux-3.0-oval.xml",
      Document(Definition("vulnerability", "a", metadata("44771-1"),
                          All(If("golang is earlier than", "b") +
                              If("golang is greater than", "a"))) +
                   Definition("vulnerability", "b", metadata("44772-1"),
                              All(If("golang ... or earlier", "u"))) +
                   Definition("vulnerability", "c", metadata("44773-1"),
                              All(If("golang is earlier than", "x"))),
               {{"b", "golang", "0:1.20.7-1.cm2"},
                {"a", "golang", "0:1.19.0.cm2", "greater than"},
                {"u", "golang", "0:1.1-1.azl3", "less than or equal"},
                {"x", "golang", "0:1.1-1"}}));
  const Advisory& advisory = feed.Get("AZL-44771");
  EXPECT_THAT(advisory.details.aliases, ElementsAre("CVE-2023-1001"));
  EXPECT_EQ(advisory.details.published, "2024-04-17T22:02:46Z");
  EXPECT_EQ(advisory.details.severity, model::Severity::kCritical);
  EXPECT_THAT(Lines(advisory),
              ElementsAre("Azure Linux:2 golang >=1.19.0.cm2 <1.20.7-1.cm2"));
  const Affected& open = feed.Get("AZL-44772").affected.at(0);
  EXPECT_EQ(open.ecosystem, "Azure Linux:3");
  EXPECT_EQ(open.ranges.at(0).at(1).kind, EventKind::kLastAffected);
  EXPECT_EQ(open.ranges.at(0).at(1).version, "1.1-1.azl3");
  EXPECT_EQ(feed.Get("AZL-44773").affected.at(0).ecosystem, "Azure Linux:3");
}

TEST(PhotonOvalTest, ReleasesAreNamedInFull) {
  const ReadFeed feed(
      "photon-oval", "f",
      Document(Definition("patch", "a",
                          "<title>PHSA-2020:00001 sqlite Update</title>"
                          "<reference source='CVE' "
                          "ref_id='CVE:00001:CVE-2019-16168'/>",
                          All(If("Photon OS 3 is installed") +
                              If("sqlite is earlier than", "s"))),
               {{"s", "sqlite", "0:3.27.2-5.ph3"}}));
  EXPECT_THAT(feed.Get("PHSA-2020:00001").details.aliases,
              ElementsAre("CVE-2019-16168"));
  EXPECT_THAT(Lines(feed.Get("PHSA-2020:00001")),
              ElementsAre("Photon OS:3.0 sqlite <3.27.2-5.ph3"));
}

TEST(OvalTest, ADefinitionWithoutItsTestsIsSkippedAndTheRestIsRead) {
  const auto definition = [](const std::string& id, const std::string& test) {
    return Definition(
        "patch", id, "<title>" + id + " x</title>",
        All(If("Photon OS 3 is installed") + If("a is earlier than", test)));
  };
  const ReadFeed feed(
      "photon-oval", "f.xml",
      Document(definition("PHSA-1", "missing") + definition("PHSA-2", "a"),
               {{"a", "a", "1-1"}}));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(feed.advisories, SizeIs(1));
  ASSERT_THAT(feed.skipped, SizeIs(1));
  EXPECT_EQ(feed.skipped[0].where, "f.xml: PHSA-1");
  EXPECT_EQ(feed.skipped[0].problem, RecordProblem::kBadField);
}

TEST(OvalTest, ABrokenFileIsAnError) {
  const std::string whole = Document("", {{"a", "a", "1-1"}});
  for (const char* format : {"redhat-oval", "oracle-oval", "suse-oval",
                             "photon-oval", "azure-linux-oval"}) {
    EXPECT_TRUE(ReadFeed(format, "f.xml", whole).status.ok());
    for (const std::string& text :
         {whole.substr(0, whole.size() - 20), std::string("<updates/>"),
          std::string("{}"), std::string()}) {
      EXPECT_THAT(ReadFeed(format, "f.xml", text).status.message(),
                  HasSubstr("f.xml"))
          << format << text;
    }
  }
}

TEST(OvalTest, WildNestingIsReadWithoutHarm) {
  std::string open, close;
  for (int i = 0; i < 40; ++i) {
    open += "<criteria>" + If("Photon OS 3 is installed");
    close += "</criteria>";
  }
  const ReadFeed feed(
      "photon-oval", "f",
      Document(Definition("patch", "a", "<title>PHSA-1 x</title>",
                          open + If("a is earlier than", "a") + close) +
                   "<definition><criterion/><criteria><metadata/></criteria>"
                   "<cve/></definition><criteria/>",
               {{"a", "a", "1-1"}}));
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  EXPECT_THAT(Lines(feed.Get("PHSA-1")), ElementsAre("Photon OS:3.0 a <1-1"));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
