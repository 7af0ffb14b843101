#include <string>

#include "analyzer/detect/detect_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::analyzer::detect {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class RpmDistributionsTest : public DetectTest {};

struct Case {
  std::string id, version, ecosystem, command;
  std::string codename = {};
};

TEST_F(RpmDistributionsTest, SystemsFindTheirAdvisoriesAndTheirCommand) {
  const std::string name = "curl-7.1-2";
  const Case kCases[] = {
      {"amzn", "2018.03", "Amazon Linux:1", "yum upgrade " + name},
      {"amzn", "2", "Amazon Linux:2", "yum upgrade " + name},
      {"amzn", "2023", "Amazon Linux:2023", "dnf upgrade " + name},
      {"fedora", "40", "Fedora:40", "dnf upgrade " + name},
      {"openEuler", "22.03", "openEuler:22.03-LTS-SP1", "dnf upgrade " + name,
       "LTS-SP1"},
      {"photon", "4.0", "Photon OS:4.0", "tdnf upgrade " + name},
      {"photon", "5", "Photon OS:5.0", "tdnf upgrade " + name},
      {"mariner", "2.0", "Azure Linux:2", "tdnf upgrade " + name},
      {"azurelinux", "3.0", "Azure Linux:3", "tdnf upgrade " + name},
      {"sles", "15.5", "SUSE:Linux Enterprise Server 15 SP5",
       "zypper install 'curl>=7.1-2'"},
      {"sles", "15", "SUSE:Linux Enterprise Server 15",
       "zypper install 'curl>=7.1-2'"},
      {"sles_sap", "12.5", "SUSE:Linux Enterprise Server 12 SP5",
       "zypper install 'curl>=7.1-2'"},
      {"sles", "16.0", "SUSE:Linux Enterprise Server 16.0",
       "zypper install 'curl>=7.1-2'"},
      {"sle-micro", "5.5", "SUSE:Linux Enterprise Micro 5.5",
       "zypper install 'curl>=7.1-2'"},
      {"sl-micro", "6.0", "SUSE:Linux Micro 6.0",
       "zypper install 'curl>=7.1-2'"},
      {"opensuse", "42.3", "openSUSE:Leap 42.3",
       "zypper install 'curl>=7.1-2'"},
      {"opensuse-leap", "15.5", "openSUSE:Leap 15.5",
       "zypper install 'curl>=7.1-2'"},
      {"opensuse-tumbleweed", "20240101", "openSUSE:Tumbleweed",
       "zypper install 'curl>=7.1-2'"}};
  for (const Case& c : kCases) {
    Advise("A-" + c.ecosystem, Fixed(c.ecosystem, "curl", "7.1-2"));
  }
  Install("rpm", "curl", "7.1-1");
  for (const Case& c : kCases) {
    System(c.id, c.version, c.codename);
    const DetectionResult result = Detect();
    EXPECT_EQ(result.ecosystem, c.ecosystem);
    EXPECT_FALSE(result.no_advisory_data) << c.ecosystem;
    ASSERT_THAT(result.findings, SizeIs(1)) << c.ecosystem;
    EXPECT_EQ(result.findings[0].advisory, "A-" + c.ecosystem);
    EXPECT_EQ(result.findings[0].fix_command, c.command) << c.ecosystem;
  }
  System("fedora", "39");
  EXPECT_TRUE(Detect().no_advisory_data);
}

TEST_F(RpmDistributionsTest, FixedVersionsAreNotAffected) {
  System("fedora", "40");
  Advise("A-1", Fixed("Fedora:40", "curl", "8.6.0-8.fc40"));
  Install("rpm", "curl", "8.6.0-10.fc40");
  EXPECT_THAT(Detect().findings, IsEmpty());
}

TEST_F(RpmDistributionsTest, ModulesOf12AreForAllItsServicePacks) {
  System("sles", "12.5");
  Advise("A-0", Fixed("SUSE:Linux Enterprise Server 12 SP5", "bash", "9"));
  Advise("A-1", Fixed("SUSE:Linux Enterprise Module for Web Scripting 12",
                      "php7", "7.2-1"));
  Install("rpm", "php7", "7.0-1");
  ASSERT_THAT(Detect().findings, SizeIs(1));
}

// OSV has a key for each product; the sources are the service pack's.
TEST_F(RpmDistributionsTest, ModulesOfAServicePackAreLookedIn) {
  System("sles", "15.5");
  Advise("A-1", Fixed("SUSE:Linux Enterprise Module for Basesystem 15 SP5",
                      "curl", "8.0-2"));
  Install("rpm", "curl", "8.0-1");
  EXPECT_THAT(Detect().findings, SizeIs(1));
}

TEST_F(RpmDistributionsTest, AzureLinuxNamesSourcePackages) {
  System("azurelinux", "3.0");
  Advise("A-1", Fixed("Azure Linux:3", "ceph", "18.2.1-1.azl3"));
  Install("rpm", "librados2", "18.2.0-1.azl3", "ceph");
  ASSERT_THAT(Detect().findings, SizeIs(1));
  EXPECT_EQ(Detect().findings[0].package, "librados2");
}

}  // namespace
}  // namespace landwaiter::analyzer::detect
