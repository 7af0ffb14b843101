#include <string>
#include <utility>
#include <vector>

#include "analyzer/detect/detect_fixture.h"
#include "gmock/gmock.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::Standing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(DetectTest, DebianIsMatchedBySourcePackage) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "openssl", "3.0.11-1~deb12u2"),
         R"(, "related": ["CVE-2023-5363"], "summary": "openssl update")");
  Install("deb", "libssl3", "3.0.11-1~deb12u1", "openssl");
  Install("deb", "openssl", "3.0.11-1~deb12u2");
  const DetectionResult result = Detect();
  ASSERT_EQ(result.findings.size(), 1u);
  const model::Finding& finding = result.findings[0];
  EXPECT_EQ(result.ecosystem, "Debian:12");
  EXPECT_EQ(finding.advisory, "DSA-1");
  EXPECT_EQ(finding.id, "CVE-2023-5363");
  EXPECT_EQ(finding.package, "libssl3");
  EXPECT_EQ(finding.source_package, "openssl");
  EXPECT_EQ(finding.fixed_version, "3.0.11-1~deb12u2");
  EXPECT_EQ(finding.fix_command,
            "apt-get install --only-upgrade libssl3=3.0.11-1~deb12u2");
  EXPECT_EQ(finding.summary, "openssl update");
  EXPECT_EQ(finding.path, "db");
  EXPECT_EQ(finding.layer, model::Digest::Of("layer"));
}

TEST_F(DetectTest, TheSourcesVersionIsComparedWhereTheBinarysDiffers) {
  System("debian", "11");
  Advise("DSA-1", Fixed("Debian:11", "gcc-defaults", "1.190"));
  Install("deb", "gcc", "4:10.2.1-1", "gcc-defaults", "1.185");
  const DetectionResult result = Detect();
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].fix_command,
            "apt-get install --only-upgrade gcc");
}

TEST_F(DetectTest, AnotherReleasesAdvisoriesDoNotCount) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:11", "curl", "9") + "," +
                      Fixed("Debian:12", "curl", "7"));
  Install("deb", "curl", "8");
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DetectTest, AReleaseOfTestingIsToldByItsCodename) {
  System("debian", "", "trixie");
  Advise("DSA-1", Fixed("Debian:13", "curl", "9"));
  Install("deb", "curl", "8");
  EXPECT_THAT(Found(), ElementsAre("DSA-1 curl 8 -> 9"));
  System("debian", "", "forky/sid");
  EXPECT_EQ(Detect().ecosystem, "Debian:14");
}

TEST_F(DetectTest, AnUnfixedFlawHasNeitherFixNorCommand) {
  System("debian", "12");
  Advise("CVE-1", Fixed("Debian:12", "curl", "",
                        R"(, "ecosystem_specific": {"urgency": "low"})"));
  Install("deb", "curl", "8");
  const DetectionResult result = Detect();
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].fixed_version, "");
  EXPECT_EQ(result.findings[0].fix_command, "");
  EXPECT_EQ(result.findings[0].severity, model::Severity::kLow);
}

TEST_F(DetectTest, UbuntuFindsItsLongTermRelease) {
  System("ubuntu", "22.04");
  Advise("UBUNTU-CVE-1",
         Fixed("Ubuntu:22.04:LTS", "curl", "9") + "," +
             Fixed("Ubuntu:22.10", "curl", "10"),
         R"(, "severity": [{"type": "Ubuntu", "score": "high"}])");
  Install("deb", "curl", "8");
  EXPECT_THAT(Found(), ElementsAre("UBUNTU-CVE-1 curl 8 -> 9"));
  EXPECT_EQ(Detect().ecosystem, "Ubuntu:22.04:LTS");
  EXPECT_EQ(Detect().findings[0].severity, model::Severity::kHigh);
}

TEST_F(DetectTest, UbuntuProCountsOnlyForImagesWithItsPackages) {
  System("ubuntu", "16.04");
  Advise("A", Fixed("Ubuntu:Pro:16.04:LTS", "curl", "8+esm2"));
  Advise("B", Fixed("Ubuntu:16.04:LTS", "curl", "") + "," +
                  Fixed("Ubuntu:Pro:16.04:LTS", "curl", "8+esm1"));
  Advise("C", Fixed("Ubuntu:Pro:FIPS:16.04:LTS", "curl", "99"));
  model::Package& curl = Install("deb", "curl", "8");
  EXPECT_THAT(Found(), ElementsAre("B curl 8 -> "));
  curl.version = curl.source_version = "8+esm1";
  EXPECT_THAT(Found(), ElementsAre("A curl 8+esm1 -> 8+esm2"));
}

TEST_F(DetectTest, AlpineIsMatchedByOriginAndBranch) {
  System("alpine", "3.18.4");
  Advise("ALPINE-CVE-1", Fixed("Alpine:v3.18", "openssl", "3.1.4-r0") + "," +
                             Fixed("Alpine:v3.19", "openssl", "3.1.9-r0"));
  Install("apk", "libcrypto3", "3.1.4_rc1-r2", "openssl");
  Install("apk", "libssl3", "3.1.4-r1", "openssl");
  EXPECT_THAT(Found(),
              ElementsAre("ALPINE-CVE-1 libcrypto3 3.1.4_rc1-r2 -> 3.1.4-r0"));
  EXPECT_EQ(Detect().findings[0].fix_command,
            "apk add --upgrade 'libcrypto3>=3.1.4-r0'");
}

TEST_F(DetectTest, ARollingSystemIsLookedUpByItsNameAlone) {
  Advise("CGA-1", Fixed("Wolfi", "openssl", "3.1.4-r0"));
  Install("apk", "libssl3", "3.1.3-r0", "openssl");
  System("wolfi", "20230201");
  EXPECT_THAT(Found(), ElementsAre("CGA-1 libssl3 3.1.3-r0 -> 3.1.4-r0"));
  EXPECT_EQ(Detect().ecosystem, "Wolfi");
  System("chainguard", "20230214");
  EXPECT_TRUE(Detect().no_advisory_data);
  EXPECT_EQ(Detect().ecosystem, "Chainguard");
}

TEST_F(DetectTest, AlpineEdgeIsNoRelease) {
  System("alpine", "3.21_alpha20240923");
  Advise("A", Fixed("Alpine:v3.21", "curl", "9"));
  Install("apk", "curl", "8");
  EXPECT_TRUE(Detect().no_advisory_data);
  EXPECT_EQ(Detect().ecosystem, "Alpine:edge");
}

TEST_F(DetectTest, TheRedHatFamilyIsMatchedByBinaryPackage) {
  Advise("RHSA-1", Fixed("Red Hat:enterprise_linux:8::baseos", "curl",
                         "0:7.61.1-22.el8_6.3"));
  Advise("ALSA-1", Fixed("AlmaLinux:8", "curl", "7.61.1-22.el8"));
  Advise("RLSA-1", Fixed("Rocky Linux:8", "curl", "0:7.61.1-22.el8"));
  Advise("OTHER", Fixed("Red Hat:rhel_eus:8.6::baseos", "curl", "9"));
  Install("rpm", "curl", "7.61.1-18.el8", "wrong");
  Install("rpm", "other", "1-1", "curl");
  const struct {
    const char* id;
    const char* advisory;
    const char* ecosystem;
  } kCases[] = {{"rhel", "RHSA-1", "Red Hat:8"},
                {"centos", "RHSA-1", "Red Hat:8"},
                {"almalinux", "ALSA-1", "AlmaLinux:8"},
                {"rocky", "RLSA-1", "Rocky Linux:8"},
                {"ol", "RHSA-1", "Oracle Linux:8"}};
  for (const auto& c : kCases) {
    System(c.id, "8.6");
    const DetectionResult result = Detect();
    EXPECT_EQ(result.ecosystem, c.ecosystem);
    ASSERT_EQ(result.findings.size(), 1u) << c.id;
    EXPECT_EQ(result.findings[0].advisory, c.advisory);
    EXPECT_EQ(result.findings[0].package, "curl");
  }
  EXPECT_EQ(Detect().findings[0].fix_command,
            "dnf upgrade curl-7.61.1-22.el8_6.3");
}

TEST_F(DetectTest, BeforeEightTheCommandIsYum) {
  System("centos", "7");
  Advise("RHSA-1", Fixed("Red Hat:enterprise_linux:7::server", "curl",
                         "0:7.29.0-59.el7_9.2"));
  Install("rpm", "curl", "7.29.0-57.el7");
  ASSERT_EQ(Detect().findings.size(), 1u);
  EXPECT_EQ(Detect().findings[0].fix_command,
            "yum upgrade curl-7.29.0-59.el7_9.2");
}

TEST_F(DetectTest, AModulesStreamMustBeThePackages) {
  System("almalinux", "8.6");
  const std::string fix14 = "1:14.21.1-2.module_el8.7.0+3369";
  const std::string fix16 = "1:16.18.1-3.module_el8.7.0+3369";
  Advise("ALSA-14", Fixed("AlmaLinux:8", "nodejs", fix14),
         R"(, "summary": "Moderate: nodejs:14 security update")");
  Advise("ALSA-16",
         Fixed("AlmaLinux:8", "nodejs", fix16,
               R"(, "ecosystem_specific": {"rpm_modularity": "nodejs:16"})"));
  Advise("ALSA-plain", Fixed("AlmaLinux:8", "nodejs", "1:18.0-1.el8"));
  model::Package& nodejs =
      Install("rpm", "nodejs", "1:14.20.0-1.module_el8.6.0+1");
  nodejs.module = "nodejs:14:8060020220523160029:ad008a3a";
  EXPECT_THAT(Found(),
              ElementsAre("ALSA-14 nodejs " + nodejs.version + " -> " + fix14));
  nodejs.version = "1:14.20.0-1.el8";
  nodejs.module.clear();
  EXPECT_THAT(Found(), ElementsAre("ALSA-plain nodejs " + nodejs.version +
                                   " -> 1:18.0-1.el8"));
}

TEST_F(DetectTest, OneFindingForBothArchitecturesAndForBothFeeds) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "curl", ""));
  Advise("DSA-1", Fixed("Debian:12", "curl", "9"));
  Install("deb", "curl", "8").architecture = "amd64";
  Install("deb", "curl", "8").architecture = "i386";
  Install("deb", "curl", "8");
  inventory_.packages.back().path = "elsewhere";
  EXPECT_THAT(Found(), ElementsAre("DSA-1 curl 8 -> 9", "DSA-1 curl 8 -> 9"));
}

TEST_F(DetectTest, PackagesOfAnotherKindAreNotLookedUp) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "curl", "9"));
  Install("rpm", "curl", "8");
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DetectTest, ARecordForAllReleasesCountsButDoesNotCoverOne) {
  System("debian", "12");
  Advise("A", Fixed("Debian", "curl", "9"));
  Install("deb", "curl", "8");
  EXPECT_TRUE(Detect().no_advisory_data);
  Advise("B", Fixed("Debian:12", "other", "9"));
  EXPECT_THAT(Found(), ElementsAre("A curl 8 -> 9"));
}

// An entry that a feed of the distribution's own would give.
advisory::Advisory Entry(const std::string& id, const std::string& ecosystem,
                         const std::string& package, Standing standing,
                         const std::string& fixed = "") {
  advisory::Advisory advisory;
  advisory.details.id = id;
  advisory.details.feed = "tracker";
  advisory::Affected& affected = advisory.affected.emplace_back();
  affected.ecosystem = ecosystem;
  affected.package = package;
  affected.standing = standing;
  affected.ranges = {{{advisory::EventKind::kIntroduced, "0"}}};
  if (!fixed.empty()) {
    affected.ranges[0].push_back({advisory::EventKind::kFixed, fixed});
  }
  return advisory;
}

TEST_F(DetectTest, ABulletinAboutThreeFlawsGivesThreeFindings) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "curl", "9"),
         R"(, "related": ["CVE-3", "CVE-1", "CVE-2"])");
  Install("deb", "curl", "8");
  std::vector<std::string> ids;
  for (const model::Finding& f : Detect().findings) {
    ids.push_back(f.id);
    EXPECT_EQ(f.advisory, "DSA-1");
    EXPECT_THAT(f.aliases, IsEmpty());
  }
  EXPECT_THAT(ids, ElementsAre("CVE-1", "CVE-2", "CVE-3"));
}

TEST_F(DetectTest, AFlawOfTwoFeedsIsOneFindingByTheRecordAboutItAlone) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "curl", "8.9"),
         R"(, "related": ["CVE-1"])");
  Advise("DEBIAN-CVE-1", Fixed("Debian:12", "curl", "9"));
  Install("deb", "curl", "8");
  const model::Finding finding = Only();
  EXPECT_EQ(finding.id, "CVE-1");
  EXPECT_EQ(finding.advisory, "DEBIAN-CVE-1");
  EXPECT_THAT(finding.aliases, ElementsAre("DSA-1"));
  EXPECT_EQ(finding.fixed_version, "9");
  EXPECT_EQ(finding.range, "introduced 0, fixed 9");
}

TEST_F(DetectTest, TwoBulletinsAboutAFlawAreFixedByTheGreaterVersion) {
  System("almalinux", "8");
  for (const auto& [id, fixed] :
       {std::pair("ALSA-1", "1-2.el8"), std::pair("ALSA-2", "1-3.el8")}) {
    Advise(id, Fixed("AlmaLinux:8", "curl", fixed),
           R"(, "related": ["CVE-1"])");
  }
  Install("rpm", "curl", "1-1.el8");
  EXPECT_EQ(Only().fixed_version, "1-3.el8");
  EXPECT_THAT(Only().aliases, ElementsAre("ALSA-1"));
}

TEST_F(DetectTest, ARecordThatKnowsOfNoFixIsOlderThanOneThatDoes) {
  System("debian", "12");
  Advise("DEBIAN-CVE-1", Fixed("Debian:12", "curl", ""));
  Install("deb", "curl", "9");
  EXPECT_EQ(Detect().findings.size(), 1u);
  Advise("CVE-1", Fixed("Debian:12", "curl", "9"));
  EXPECT_THAT(Found(), IsEmpty());
  inventory_.packages[0].package.source_version = "8";
  EXPECT_EQ(Only().fixed_version, "9");
}

TEST_F(DetectTest, AnErratumThatOnlyMendsIsNoVulnerability) {
  System("almalinux", "8");
  Advise("ALBA-1", Fixed("AlmaLinux:8", "curl", "2-1.el8"));
  Advise("ALBA-2", Fixed("AlmaLinux:8", "curl", "2-2.el8"),
         R"(, "related": ["CVE-1"])");
  Install("rpm", "curl", "1-1.el8");
  EXPECT_EQ(Only().id, "CVE-1");
}

TEST_F(DetectTest, WhatTheDistributionCallsNotAffectedIsNoFinding) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian", "curl", "9"), R"(, "related": ["CVE-1"])");
  Install("deb", "curl", "8");
  store_.Add(Entry("CVE-2", "Debian:12", "x", Standing::kAffected));
  EXPECT_EQ(Detect().findings.size(), 1u);
  store_.Add(Entry("CVE-1", "Debian:12", "curl", Standing::kNotAffected));
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DetectTest, WhatWillNotBeFixedSaysSo) {
  System("debian", "12");
  const struct {
    Standing standing;
    model::FindingState state;
  } kCases[] = {{Standing::kWillNotFix, model::FindingState::kWillNotFix},
                {Standing::kFixDeferred, model::FindingState::kFixDeferred},
                {Standing::kEndOfLife, model::FindingState::kEndOfLife},
                {Standing::kUnderInvestigation,
                 model::FindingState::kUnderInvestigation}};
  Install("deb", "curl", "8");
  for (const auto& c : kCases) {
    store_ = advisory::MemoryStore();
    advisory::Advisory entry = Entry("CVE-1", "Debian:12", "curl", c.standing);
    entry.affected[0].statement = "no-dsa: Minor issue";
    store_.Add(entry);
    EXPECT_EQ(Only().state, c.state);
    EXPECT_EQ(Only().statement, "no-dsa: Minor issue");
  }
}

TEST_F(DetectTest, ANameIsOfTheKindThatTheEntrySays) {
  System("debian", "12");
  advisory::Advisory entry =
      Entry("CVE-1", "Debian:12", "openssl", Standing::kAffected);
  entry.affected[0].names = advisory::NameKind::kBinary;
  store_.Add(entry);
  Install("deb", "libssl3", "3", "openssl");
  EXPECT_THAT(Found(), IsEmpty());
  Install("deb", "openssl", "3");
  EXPECT_EQ(Only().package, "openssl");
  System("rhel", "8");
  entry = Entry("CVE-2", "Red Hat:8", "openssl", Standing::kAffected);
  entry.affected[0].names = advisory::NameKind::kSource;
  store_.Add(entry);
  Install("rpm", "openssl-libs", "1-1", "openssl", "1-1");
  EXPECT_EQ(Only().package, "openssl-libs");
}

TEST_F(DetectTest, HeadersOfAKernelHaveNoneOfItsFlaws) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "linux", ""));
  Install("deb", "linux-libc-dev", "6.1.1-1", "linux");
  EXPECT_THAT(Found(), IsEmpty());
  Install("deb", "linux-image-6.1-amd64", "6.1.1-1", "linux");
  EXPECT_EQ(Only().package, "linux-image-6.1-amd64");
}

TEST_F(DetectTest, AnEntryThatNamesTheHeadersThemselvesMeansThem) {
  System("almalinux", "8");
  Advise("ALSA-1", Fixed("AlmaLinux:8", "kernel-headers", "4.18.0-9.el8"));
  Install("rpm", "kernel-headers", "4.18.0-1.el8", "kernel");
  EXPECT_EQ(Only().package, "kernel-headers");
}

TEST_F(DetectTest, AFindingSaysWhereItComesFrom) {
  System("alpine", "3.18.4");
  Advise("ALPINE-CVE-1", Fixed("Alpine:v3.18", "openssl", "3.1.4-r0"));
  Install("apk", "libssl3", "3.1.3-r0", "openssl");
  Install("apk", "libcrypto3", "3.1.4-r0", "openssl");
  inventory_.layers = {{.blob = {.digest = model::Digest::Of("layer")}}};
  inventory_.config.history = {
      {.created_by = "/bin/sh -c #(nop)  ENV A=b", .empty_layer = true},
      {.created_by = "/bin/sh -c apk add openssl"}};
  const model::Finding finding = Only();
  EXPECT_EQ(finding.instruction, "RUN apk add openssl");
  EXPECT_EQ(finding.range, "introduced 0, fixed 3.1.4-r0");
  EXPECT_EQ(finding.database, store_.version());
  EXPECT_EQ(finding.category, model::Category::kSystem);
  EXPECT_EQ(finding.impact,
            "patch version step, 3.1.3 to 3.1.4; of the same source: "
            "libcrypto3; restart what speaks TLS");
}

TEST_F(DetectTest, WhatIsKnownOfTheCveIsAdded) {
  System("alpine", "3.18.4");
  Advise("ALPINE-CVE-1", Fixed("Alpine:v3.18", "curl", "9"));
  Install("apk", "curl", "8");
  advisory::Enrichment known{.cve = "CVE-1", .summary = "bad"};
  known.cvss = {
      {"nvd@nist.gov", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}};
  known.exploited = advisory::Exploited{.added = "2024-01-01"};
  known.epss = advisory::Epss{.score = 900'000};
  store_.Add(known);
  const model::Finding finding = Only();
  EXPECT_EQ(finding.severity, model::Severity::kCritical);
  EXPECT_EQ(finding.severity_source, "nvd@nist.gov CVSS 3.1");
  EXPECT_TRUE(finding.exploited);
  EXPECT_EQ(finding.epss, 900'000u);
  EXPECT_EQ(finding.priority, 45 + 30 + 14 + 5);
  EXPECT_EQ(finding.summary, "bad");
}

TEST_F(DetectTest, ACveThatWasTakenBackIsNoFinding) {
  System("alpine", "3.18.4");
  Advise("ALPINE-CVE-1", Fixed("Alpine:v3.18", "curl", "9"));
  Install("apk", "curl", "8");
  store_.Add(advisory::Enrichment{.cve = "CVE-1", .rejected = true});
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(DetectTest, OneCommandFixesAllOfAPackageManager) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "curl", "9"));
  Advise("DSA-2", Fixed("Debian:12", "curl", "10"));
  Advise("DSA-3", Fixed("Debian:12", "zlib", "2"));
  Install("deb", "curl", "8");
  Install("deb", "zlib1g", "1", "zlib");
  EXPECT_THAT(Detect().fix_commands,
              ElementsAre("apt-get update && apt-get install --only-upgrade "
                          "curl=10 zlib1g=2"));
}

TEST_F(DetectTest, AHostilePackagesNameIsInNoCommand) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "curl;reboot", "9"));
  Install("deb", "curl;reboot", "8");
  EXPECT_EQ(Only().fix_command, "");
  EXPECT_EQ(Only().fixed_version, "9");
}

TEST_F(DetectTest, AMinimalImageIsFixedByItsOwnPackageManager) {
  System("rhel", "8");
  Advise("RHSA-1", Fixed("Red Hat:enterprise_linux:8::baseos", "curl", "2-1"));
  Install("rpm", "curl", "1-1");
  Install("rpm", "microdnf", "1-1");
  EXPECT_EQ(Only().fix_command, "microdnf upgrade curl-2-1");
}

TEST_F(DetectTest, TheEndOfAReleasesLifeIsTold) {
  System("debian", "9");
  EXPECT_EQ(Detect().end_of_life, "2022-06-30");
  System("debian", "99");
  EXPECT_EQ(Detect().end_of_life, "");
}

TEST_F(DetectTest, ASystemWithoutAdvisoriesIsSaidToHaveNone) {
  Advise("DSA-1", Fixed("Debian:11", "curl", "9"));
  Install("deb", "curl", "8");
  const struct {
    const char* id;
    const char* version;
    const char* ecosystem;
  } kCases[] = {{"debian", "12", "Debian:12"},
                {"ubuntu", "24.04", "Ubuntu:24.04:LTS"},
                {"ubuntu", "23.10", "Ubuntu:23.10"},
                {"alpine", "3.20.3", "Alpine:v3.20"},
                {"rhel", "9.2", "Red Hat:9"},
                {"slackware", "15.0", "slackware 15.0"},
                {"", "", ""}};
  for (const auto& c : kCases) {
    System(c.id, c.version);
    const DetectionResult result = Detect();
    EXPECT_TRUE(result.no_advisory_data) << c.id;
    EXPECT_EQ(result.ecosystem, c.ecosystem);
    EXPECT_THAT(result.findings, IsEmpty());
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::detect
