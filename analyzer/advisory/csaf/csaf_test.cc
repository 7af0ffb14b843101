#include <string>

#include "analyzer/advisory/csaf/rpm_component.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/rpm/testing.h"
#include "analyzer/advisory/suse_oval/product.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A document of these parts; products are pairs (platform id, component name
// and purl), each "platform:component".
struct Document {
  std::string category = "csaf_vex";
  std::string tracking = R"("id": "CVE-2024-1001", "status": "final",
      "initial_release_date": "2024-01-02T03:04:05+00:00",
      "current_release_date": "2024-02-03T04:05:06+00:00")";
  Json branches = Json::array();
  Json relationships = Json::array();
  Json vulnerabilities = Json::array();

  void Platform(const std::string& id, const std::string& cpe) {
    branches.push_back({{"category", "product_name"},
                        {"product",
                         {{"product_id", id},
                          {"name", id},
                          {"product_identification_helper", {{"cpe", cpe}}}}}});
  }
  // Gives its id.
  std::string Component(const std::string& platform, const std::string& name,
                        const std::string& purl = "") {
    Json product = {{"product_id", name}, {"name", name}};
    if (!purl.empty()) {
      product["product_identification_helper"] = {{"purl", purl}};
    }
    branches.push_back({{"category", "product_version"}, {"product", product}});
    const std::string id = platform + ":" + name;
    relationships.push_back(
        {{"category", "default_component_of"},
         {"full_product_name", {{"product_id", id}, {"name", id}}},
         {"product_reference", name},
         {"relates_to_product_reference", platform}});
    return id;
  }
  std::string Text() const {
    const Json tree = {
        {"branches", {{{"category", "vendor"}, {"branches", branches}}}},
        {"relationships", relationships}};
    return R"({"document": {"category": ")" + category +
           R"(", "title": "a title", "aggregate_severity": {"text":
           "Important"}, "references": [{"category": "external", "url":
           "https://b"}, {"category": "self", "url": "https://a"}],
           "tracking": {)" +
           tracking + R"(}}, "product_tree": )" + tree.dump() +
           R"(, "vulnerabilities": )" + vulnerabilities.dump() + "}";
  }
};

constexpr char kRhel8[] = "cpe:/a:redhat:enterprise_linux:8::appstream";

TEST(CsafTest, AVexDocumentKeepsWhatItSays) {
  Document document;
  document.Platform("AppStream-8.6", kRhel8);
  document.Platform("EUS-8.4", "cpe:/a:redhat:rhel_eus:8.4::appstream");
  document.Platform("rhel_8", "cpe:/o:redhat:enterprise_linux:8");
  document.Platform("rhel_6", "cpe:/o:redhat:enterprise_linux:6");
  const std::string purl =
      "pkg:rpm/redhat/npm@14.1-2.module%2Bel8?arch=x86_64&epoch=1"
      "&rpmmod=nodejs:14:8040:abc";
  const std::string fixed =
      document.Component("AppStream-8.6", "npm-1:14.1-2.x86_64", purl);
  const std::string eus =
      document.Component("EUS-8.4", "npm-1:14.1-2.x86_64", purl);
  const std::string source = document.Component(
      "AppStream-8.6", "nodejs.src",
      "pkg:rpm/redhat/nodejs@14.1-2.module%2Bel8?arch=src&epoch=1"
      "&rpmmod=nodejs:14:8040:abc");
  const std::string deferred = document.Component(
      "rhel_8", "nodejs:16/nodejs",
      "pkg:rpm/redhat/nodejs@rhel8?arch=src&rpmmod=nodejs:16");
  const std::string old = document.Component("rhel_6", "nodejs");
  const std::string never =
      document.Component("rhel_8", "yarn", "pkg:rpm/redhat/yarn");
  const std::string unknown = document.Component("rhel_8", "deno");
  const std::string image =
      document.Component("rhel_8", "ubi8/nodejs", "pkg:oci/ubi8/nodejs");
  document.vulnerabilities.push_back(
      {{"cve", "CVE-2024-1001"},
       {"title", "npm: a flaw"},
       {"release_date", "2024-01-01T00:00:00Z"},
       {"cwe", {{"id", "CWE-79"}}},
       {"scores",
        {{{"cvss_v3",
           {{"vectorString", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}}},
          {"products", {fixed}}}}},
       {"flags",
        {{{"label", "component_not_present"}, {"product_ids", {never}}}}},
       {"threats",
        {{{"category", "impact"},
          {"details", "Important"},
          {"product_ids", {fixed}}},
         {{"category", "impact"},
          {"details", "Low"},
          {"product_ids", {deferred}}}}},
       {"remediations",
        {{{"category", "vendor_fix"},
          {"url", "https://access.redhat.com/errata/RHSA-2024:7"},
          {"product_ids", {fixed, eus}}},
         {{"category", "workaround"},
          {"details", "none"},
          {"product_ids", {deferred, old}}},
         {{"category", "none_available"},
          {"details", "Fix deferred"},
          {"product_ids", {deferred}}},
         {{"category", "no_fix_planned"},
          {"details", "Out of support scope"},
          {"product_ids", {old}}}}},
       {"product_status",
        {{"fixed", {fixed, eus, source}},
         {"known_affected", {deferred, old, image}},
         {"known_not_affected", {never}},
         {"under_investigation", {unknown}}}}});
  const ReadFeed feed("redhat-csaf-vex", "f.json", document.Text(), 5);
  ASSERT_TRUE(feed.status.ok()) << feed.status;
  ASSERT_THAT(feed.skipped, IsEmpty()) << feed.skipped[0].message;
  const Advisory& advisory = feed.Get("CVE-2024-1001");
  EXPECT_THAT(
      Lines(advisory),
      ElementsAre("Red Hat:6 nodejs end of life \"Out of support scope\"",
                  "Red Hat:8 deno under investigation",
                  "Red Hat:8 nodejs source (nodejs:16) deferred "
                  "\"Fix deferred\"",
                  "Red Hat:8 npm (nodejs:14) <1:14.1-2.module+el8 "
                  "\"RHSA-2024:7\"",
                  "Red Hat:8 yarn not affected \"component_not_present\"",
                  "Red Hat:rhel_eus:8.4 npm (nodejs:14) "
                  "<1:14.1-2.module+el8 \"RHSA-2024:7\""));
  const Details& details = advisory.details;
  EXPECT_EQ(details.summary, "npm: a flaw");
  EXPECT_EQ(details.severity, model::Severity::kHigh);
  EXPECT_EQ(details.published, "2024-01-01T00:00:00Z");
  EXPECT_EQ(details.modified, "2024-02-03T04:05:06Z");
  EXPECT_THAT(details.cwes, ElementsAre("CWE-79"));
  EXPECT_THAT(details.cvss, SizeIs(1));
  EXPECT_THAT(details.references, ElementsAre("https://a", "https://b"));
  for (const Affected& entry : advisory.affected) {
    EXPECT_EQ(entry.severity, entry.standing == Standing::kFixDeferred
                                  ? model::Severity::kLow
                                  : model::Severity::kUnknown)
        << Line(entry);
  }
}

TEST(CsafTest, AFixSetsAsideWhatElseIsSaidOfThePackage) {
  Document document;
  document.Platform("rhel_8", kRhel8);
  const std::string affected = document.Component("rhel_8", "bash");
  const std::string fixed = document.Component("rhel_8", "bash-0:4-1.x86_64");
  const std::string clean = document.Component("rhel_8", "bash-0:5-1.noarch");
  document.vulnerabilities.push_back({{"cve", "CVE-2024-1001"},
                                      {"product_status",
                                       {{"fixed", {fixed, "nowhere"}},
                                        {"known_affected", {affected}},
                                        {"known_not_affected", {clean}}}}});
  const ReadFeed feed("redhat-csaf-vex", "f.json", document.Text());
  EXPECT_THAT(Lines(feed.Get("CVE-2024-1001")),
              ElementsAre("Red Hat:8 bash <4-1"));
}

TEST(CsafTest, ASecurityAdvisoryIsOneWithAllItsFlaws) {
  Document document;
  document.category = "csaf_security_advisory";
  document.tracking = R"("id": "SUSE-SU-2024:1-1", "status": "final")";
  const std::string product =
      "SUSE Linux Enterprise Module for Basesystem "
      "15 SP5";
  document.Platform(product, "cpe:/o:suse:sle-module-basesystem:15:sp5");
  document.Platform("SUSE Manager 4", "cpe:/o:suse:manager:4");
  const std::string one = document.Component(product, "bind-9.16-1.2.x86_64");
  const std::string arm = document.Component(product, "bind-9.16-1.2.aarch64");
  const std::string other =
      document.Component("SUSE Manager 4", "bind-9.16-1.2.noarch");
  for (const char* cve : {"CVE-2024-1002", "CVE-2024-1003"}) {
    document.vulnerabilities.push_back(
        {{"cve", cve},
         {"product_status", {{"recommended", {one, arm, other}}}}});
  }
  const ReadFeed feed("suse-csaf", "f.json", document.Text());
  const Advisory& advisory = feed.Get("SUSE-SU-2024:1-1");
  EXPECT_THAT(Lines(advisory),
              ElementsAre("SUSE:Linux Enterprise Server 15 SP5 bind "
                          "<9.16-1.2"));
  EXPECT_THAT(advisory.details.aliases,
              ElementsAre("CVE-2024-1002", "CVE-2024-1003"));
  EXPECT_EQ(advisory.details.summary, "a title");
}

TEST(CsafTest, AModuleMayStandBetweenPackageAndSystem) {
  Document document;
  document.Platform("AppStream-8.6", kRhel8);
  const std::string module =
      document.Component("AppStream-8.6", "perl:5.26:8060:abc",
                         "pkg:rpmmod/redhat/perl@5.26:8060:abc");
  document.branches.push_back(
      {{"product",
        {{"product_id", "perl-4:5.26-1.x86_64"},
         {"name", "perl-4:5.26-1.x86_64"},
         {"product_identification_helper",
          {{"purl", "pkg:rpm/redhat/perl@5.26-1?arch=x86_64&epoch=4"}}}}}});
  document.relationships.push_back(
      {{"full_product_name", {{"product_id", "p"}}},
       {"product_reference", "perl-4:5.26-1.x86_64"},
       {"relates_to_product_reference", module}});
  document.vulnerabilities.push_back(
      {{"cve", "CVE-2024-1001"}, {"product_status", {{"fixed", {"p"}}}}});
  const ReadFeed feed("redhat-csaf-vex", "f.json", document.Text());
  EXPECT_THAT(Lines(feed.Get("CVE-2024-1001")),
              ElementsAre("Red Hat:8 perl (perl:5.26) <4:5.26-1"));
}

TEST(CsafTest, DeletedDocumentsAreWithdrawn) {
  const ReadFeed feed(
      "redhat-csaf-vex", "f.json",
      R"({"document": {"tracking": {"id": "CVE-1", "status": "deleted"}}})");
  EXPECT_EQ(feed.withdrawn, 1);
  EXPECT_THAT(feed.skipped, IsEmpty());
}

TEST(CsafTest, BrokenDocumentsAreSkipped) {
  Document empty;
  std::string deep = "{\"document\": ";
  for (int i = 0; i < 100000; ++i) deep += "[";
  const std::pair<std::string, RecordProblem> kBroken[] = {
      {"", RecordProblem::kNotJson},
      {empty.Text().substr(0, 200), RecordProblem::kNotJson},
      {deep, RecordProblem::kTooDeep},
      {"[]", RecordProblem::kBadField},
      {"{}", RecordProblem::kBadField},
      {R"({"document": []})", RecordProblem::kBadField},
      {R"({"document": {"tracking": {"id": 7}}, "product_tree": {}})",
       RecordProblem::kBadField},
      {R"({"document": {"tracking": {"id": "a"}}, "product_tree":
          {"branches": [7]}})",
       RecordProblem::kBadField},
      {R"({"document": {"tracking": {"id": "a"}}, "product_tree":
          {"relationships": [{}]}})",
       RecordProblem::kBadField},
      {R"({"document": {"category": "csaf_vex", "tracking": {"id": "a"}},
          "product_tree": {}, "vulnerabilities": [[]]})",
       RecordProblem::kBadField},
      {R"({"document": {"tracking": {"id": "a"}}, "product_tree": {},
          "vulnerabilities": [{"product_status": {"fixed": [7]}}]})",
       RecordProblem::kBadField},
      {std::string(kMaxRecord + 1, ' '), RecordProblem::kTooLarge}};
  for (const auto& [text, problem] : kBroken) {
    const ReadFeed feed("redhat-csaf-vex", "f.json", text, 65536);
    EXPECT_TRUE(feed.status.ok()) << feed.status;
    ASSERT_THAT(feed.skipped, SizeIs(1)) << text.substr(0, 100);
    EXPECT_EQ(feed.skipped[0].problem, problem) << text.substr(0, 100);
    EXPECT_EQ(feed.skipped[0].where, "f.json");
  }
}

TEST(RpmComponentTest, PurlsAndNamesAreRead) {
  const auto purl = [](std::string_view text) {
    const auto component = ParseRpmPurl(text);
    return component ? component->name + "|" + component->evr + "|" +
                           component->architecture + "|" + component->module
                     : "none";
  };
  EXPECT_EQ(purl("pkg:rpm/redhat/bash@4.4-1%2Bel8?arch=x86_64&epoch=2"),
            "bash|2:4.4-1+el8|x86_64|");
  EXPECT_EQ(purl("pkg:rpm/redhat/bash@4.4-1?epoch=0"), "bash|4.4-1||");
  EXPECT_EQ(purl("pkg:rpm/suse/bash?arch=src"), "bash||src|");
  EXPECT_EQ(purl("pkg:rpm/redhat/a@1-1?rpmmod=b:1:2:3"), "a|1-1||b:1");
  EXPECT_EQ(purl("pkg:rpm/redhat/a@1-1?rpmmod=rhel10"), "none");
  EXPECT_EQ(purl("pkg:oci/ubi8"), "none");
  EXPECT_EQ(purl("pkg:rpm/"), "none");
  EXPECT_EQ(purl("pkg:rpm/redhat/a%@1-1%4"), "a%|1-1%4||");

  const auto nevra = [](std::string_view text) {
    const auto component = ParseNevra(text);
    return component ? component->name + "|" + component->evr + "|" +
                           component->architecture
                     : "none";
  };
  EXPECT_EQ(nevra("java-1_8_0-openjdk-1.8.0.2-3.1.x86_64"),
            "java-1_8_0-openjdk|1.8.0.2-3.1|x86_64");
  EXPECT_EQ(nevra("bash-0:4.4-1.el8.src"), "bash|4.4-1.el8|src");
  EXPECT_EQ(nevra("bind-utils-32:9-1.el8"), "bind-utils|32:9-1.el8|");
  EXPECT_EQ(nevra("samba-winbind-modules"), "none");
  EXPECT_EQ(nevra("bash"), "none");
  EXPECT_EQ(nevra("-1-1"), "none");
}

TEST(SuseProductTest, ProductsHaveTheKeysOfTheirServicePack) {
  const std::pair<const char*, const char*> kProducts[] = {
      {"SUSE Linux Enterprise Module for Basesystem 15 SP5",
       "SUSE:Linux Enterprise Server 15 SP5"},
      {"SUSE Linux Enterprise Module for Python 3 15 SP4",
       "SUSE:Linux Enterprise Server 15 SP4"},
      {"SUSE Linux Enterprise Server 15-LTSS",
       "SUSE:Linux Enterprise Server 15"},
      {"SUSE Linux Enterprise Server 12 SP5-LTSS",
       "SUSE:Linux Enterprise Server 12 SP5"},
      {"SUSE Linux Enterprise Server LTSS Extended Security 12 SP5",
       "SUSE:Linux Enterprise Server 12 SP5"},
      {"SUSE Linux Enterprise Server for SAP Applications 15 SP4",
       "SUSE:Linux Enterprise Server 15 SP4"},
      {"SUSE Linux Enterprise Server 16.0",
       "SUSE:Linux Enterprise Server 16.0"},
      {"SUSE Linux Enterprise Micro 5.5", "SUSE:Linux Enterprise Micro 5.5"},
      {"SUSE Linux Enterprise Micro for Rancher 5.2", ""},
      {"SUSE Linux Micro 6.0", "SUSE:Linux Micro 6.0"},
      {"openSUSE Leap 15.5 NonFree", "openSUSE:Leap 15.5"},
      {"openSUSE 13.2", "openSUSE:13.2"},
      {"openSUSE Tumbleweed", "openSUSE:Tumbleweed"},
      {"SUSE Manager Server 4.1", ""},
      {"SUSE Package Hub 15 SP5", ""},
      {"SUSE Linux Enterprise ", ""},
      {"", ""}};
  for (const auto& [product, ecosystem] : kProducts) {
    EXPECT_EQ(SuseEcosystem(product), ecosystem) << product;
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
