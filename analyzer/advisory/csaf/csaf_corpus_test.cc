#include <set>
#include <string>

#include "analyzer/advisory/rpm/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"

// Red Hat's own documents.
namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;
using Json = nlohmann::json;

class CsafCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto corpus = landwaiter::testing::Corpus();
    if (!corpus) GTEST_SKIP() << "needs LANDWAITER_CORPUS";
    samples_ = *corpus + "/vulndb/native/samples/";
  }
  std::string Text(const std::string& path) const {
    return landwaiter::testing::ReadFile(samples_ + path);
  }
  ReadFeed Read(const std::string& path) const {
    return ReadFeed("redhat-csaf-vex", path, Text(path), 65536);
  }
  std::string samples_;
};

TEST_F(CsafCorpusTest, WhatIsGivenUpAndWhatIsFixedIsTold) {
  const ReadFeed feed =
      Read("claircore/test/acceptance/testdata/cve-2024-0727-openssl.json");
  const std::vector<std::string> lines = Lines(feed.Get("CVE-2024-0727"));
  EXPECT_THAT(
      lines,
      IsSupersetOf(
          {"Red Hat:6 openssl end of life \"Out of support scope\"",
           "Red Hat:7 openssl source end of life \"Out of support scope\"",
           "Red Hat:8 openssl-libs deferred \"Fix deferred\"",
           "Red Hat:8 edk2-ovmf will not fix \"Will not fix\"",
           "Red Hat:8 shim-x64 not affected \"vulnerable_code_not_present\"",
           "Red Hat:9 openssl <1:3.0.7-27.el9 \"RHSA-2024:2447\""}));
  EXPECT_EQ(feed.Get("CVE-2024-0727").details.severity, model::Severity::kLow);
}

// clair says of an image with a build from before: affected.
TEST_F(CsafCorpusTest, ModulesBuiltInManyContextsHaveOneFix) {
  const ReadFeed feed =
      Read("claircore/test/acceptance/testdata/cve-2025-40907-perl.json");
  const std::vector<std::string> lines = Lines(feed.Get("CVE-2025-40907"));
  EXPECT_THAT(lines, Contains("Red Hat:8 perl-FCGI (perl-FCGI:0.78) "
                              "<1:0.78-12.module+el8.10.0+23147+df114ff4 "
                              "\"RHSA-2025:8696\""));
  EXPECT_THAT(lines, IsSupersetOf({"Red Hat:9 perl-FCGI <1:0.79-8.1.el9_6 "
                                   "\"RHSA-2025:8635\"",
                                   "Red Hat:10 perl-FCGI <1:0.82-13.1.el10_0 "
                                   "\"RHSA-2025:8636\""}));
  const auto main = [](const std::string& line) {
    return line.starts_with("Red Hat:8 perl-FCGI ");
  };
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), main), 1);
}

// Those of clair's own test: a flatpak is no module, and a stream no version.
TEST_F(CsafCorpusTest, OddComponentsDoNotSpoilTheOthers) {
  const std::string folder = "claircore/rhel/vex/testdata/cve-2024-24786-";
  EXPECT_THAT(Lines(Read(folder + "bad-rpmmod.json").Get("CVE-2024-24786")),
              ElementsAre("Red Hat:10 cri-tools <1.29.0-3.1.el9 "
                          "\"RHSA-2024:0000\"",
                          "Red Hat:10 good-pkg"));
  EXPECT_THAT(Lines(Read(folder + "illegal-module.json").Get("CVE-2024-24786")),
              ElementsAre("Red Hat:8 go-toolset source (go-toolset:rhel8)"));
  EXPECT_THAT(Lines(Read(folder + "simple.json").Get("CVE-2024-24786")),
              ElementsAre("Red Hat:openshift:4.16 cri-tools "
                          "<1.29.0-3.1.el9"));
}

// Every rpm that a document calls fixed is there, under its name.
TEST_F(CsafCorpusTest, LargeDocumentsAreReadWithAllTheirFixes) {
  const std::string folder = "claircore/rhel/vex/testdata/";
  for (const char* name : {"cve-2022-38752", "cve-2023-38545"}) {
    const std::string path = folder + name + ".json";
    const ReadFeed feed = Read(path);
    ASSERT_THAT(feed.skipped, IsEmpty());
    ASSERT_THAT(feed.advisories, SizeIs(1));
    std::set<std::string> names;
    for (const Affected& entry : feed.advisories[0].affected) {
      if (entry.ranges.at(0).size() == 2) names.insert(entry.package);
    }
    std::set<std::string> expected;
    const Json json = Json::parse(Text(path));
    for (const std::string id :
         json["vulnerabilities"][0]["product_status"]["fixed"]) {
      // "6Server-satellite-client-6:puppet-agent-0:7.27.0-1.el6sat.i686"
      const size_t colon = id.find(':');
      const size_t epoch = id.find(':', colon + 1);
      if (epoch == id.npos || id.ends_with(".src") ||
          id.find("sha256") != id.npos) {
        continue;
      }
      expected.insert(id.substr(colon + 1, id.rfind('-', epoch) - colon - 1));
    }
    EXPECT_EQ(names, expected) << name;
  }
}

TEST_F(CsafCorpusTest, SecurityAdvisoriesAreRead) {
  const ReadFeed feed =
      Read("vunnel/rhel/test-fixtures/csaf/server/2024/rhsa-2024_0010.json");
  const Advisory& advisory = feed.Get("RHSA-2024:0010");
  EXPECT_THAT(advisory.details.aliases, SizeIs(3));
  EXPECT_THAT(advisory.affected, Not(IsEmpty()));
  // Cut to its source packages, which then stand for what is built of them.
  const ReadFeed cut = Read(
      "vunnel/rhel/test-fixtures/csaf/advisories/2024/rhsa-2024_6163.json");
  EXPECT_THAT(Lines(cut.Get("RHSA-2024:6163")),
              ElementsAre("Red Hat:9 python3.9 source <3.9.18-3.el9_4.5 "
                          "\"RHSA-2024:6163\""));
}

TEST_F(CsafCorpusTest, DeletedDocumentsAreWithdrawn) {
  EXPECT_EQ(
      Read("claircore/toolkit/types/csaf/testdata/cve-1999-0001-deleted.json")
          .withdrawn,
      1);
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
