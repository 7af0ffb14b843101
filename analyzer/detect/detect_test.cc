#include "analyzer/detect/detect.h"

#include <string>
#include <vector>

#include "analyzer/advisory/memory_store.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::detect {
namespace {

using advisory::MemoryStore;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// {"package": ..., "ranges": ...} of a fix; more members may follow.
std::string Fixed(const std::string& ecosystem, const std::string& package,
                  const std::string& version, const std::string& more = "") {
  return R"({"package": {"ecosystem": ")" + ecosystem + R"(", "name": ")" +
         package + R"("}, "ranges": [{"type": "ECOSYSTEM", "events": [
         {"introduced": "0"})" +
         (version.empty() ? "" : R"(, {"fixed": ")" + version + "\"}") + "]}]" +
         more + "}";
}

class DetectTest : public ::testing::Test {
 protected:
  void Advise(const std::string& id, const std::string& affected,
              const std::string& members = "") {
    store_.AddOsv(R"({"id": ")" + id + R"(", "affected": [)" + affected + "]" +
                  members + "}");
  }

  void System(const std::string& id, const std::string& version,
              const std::string& codename = "") {
    inventory_.os = {.id = id, .version_id = version, .codename = codename};
  }

  model::Package& Install(const std::string& type, const std::string& name,
                          const std::string& version,
                          const std::string& source = "",
                          const std::string& source_version = "") {
    model::Package package{.type = type, .name = name, .version = version};
    package.source_name = source.empty() ? name : source;
    package.source_version = source_version.empty() ? version : source_version;
    inventory_.packages.push_back({package, "db", model::Digest::Of("layer")});
    return inventory_.packages.back().package;
  }

  DetectionResult Detect() {
    const auto result = DetectVulnerabilities(inventory_, store_);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.value_or(DetectionResult());
  }

  // "advisory package installed -> fixed" of each finding.
  std::vector<std::string> Found() {
    const DetectionResult result = Detect();
    EXPECT_FALSE(result.no_advisory_data) << result.ecosystem;
    std::vector<std::string> lines;
    for (const model::Finding& f : result.findings) {
      lines.push_back(base::StrCat(f.advisory, " ", f.package, " ",
                                   f.installed_version, " -> ",
                                   f.fixed_version));
    }
    return lines;
  }

  MemoryStore store_;
  model::Inventory inventory_;
};

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
  EXPECT_THAT(finding.aliases, ElementsAre("CVE-2023-5363"));
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
            "dnf upgrade curl-0:7.61.1-22.el8_6.3");
}

TEST_F(DetectTest, BeforeEightTheCommandIsYum) {
  System("centos", "7");
  Advise("RHSA-1", Fixed("Red Hat:enterprise_linux:7::server", "curl",
                         "0:7.29.0-59.el7_9.2"));
  Install("rpm", "curl", "7.29.0-57.el7");
  ASSERT_EQ(Detect().findings.size(), 1u);
  EXPECT_EQ(Detect().findings[0].fix_command,
            "yum upgrade curl-0:7.29.0-59.el7_9.2");
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
