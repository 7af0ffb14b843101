#include "agent/extract/os/release/formats.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

// "id version codename", with "-" for an empty one; "none" for no release.
std::string Short(const std::optional<model::OsRelease>& release) {
  if (!release.has_value()) return "none";
  const auto or_dash = [](const std::string& text) {
    return text.empty() ? std::string("-") : text;
  };
  return base::StrCat(release->id, " ", or_dash(release->version_id), " ",
                      or_dash(release->codename));
}

TEST(OsReleaseTest, FieldsAreTaken) {
  const auto release = ParseOsRelease(
      "NAME=\"Red Hat Enterprise Linux\"\nVERSION=\"8.6 (Ootpa)\"\n"
      "ID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"8.6\"\n"
      "PRETTY_NAME=\"Red Hat Enterprise Linux 8.6 (Ootpa)\"\n"
      "CPE_NAME=\"cpe:/o:redhat:enterprise_linux:8::baseos\"\n");
  ASSERT_TRUE(release.has_value());
  EXPECT_EQ(release->id, "rhel");
  EXPECT_EQ(release->id_like, "fedora");
  EXPECT_EQ(release->version_id, "8.6");
  EXPECT_EQ(release->codename, "Ootpa");
  EXPECT_EQ(release->pretty_name, "Red Hat Enterprise Linux 8.6 (Ootpa)");
  EXPECT_EQ(release->cpe_name, "cpe:/o:redhat:enterprise_linux:8::baseos");
}

TEST(OsReleaseTest, DebianTestingHasACodenameOnly) {
  EXPECT_EQ(Short(ParseOsRelease("PRETTY_NAME=\"Debian GNU/Linux trixie/sid\"\n"
                                 "VERSION_CODENAME=trixie\nID=debian\n")),
            "debian - trixie");
}

TEST(OsReleaseTest, WithoutIdAKnownNameDecides) {
  EXPECT_EQ(Short(ParseOsRelease("NAME=\"Alpine Linux\"\nVERSION_ID=3.15.4\n")),
            "alpine 3.15.4 -");
  EXPECT_EQ(Short(ParseOsRelease("NAME=\"My Linux\"\nVERSION_ID=1\n")), "none");
  EXPECT_EQ(Short(ParseOsRelease("")), "none");
}

TEST(LsbReleaseTest, NamesTheSystemIfItHasDistribId) {
  EXPECT_EQ(Short(ParseLsbRelease("DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=12.04\n"
                                  "DISTRIB_CODENAME=precise\n")),
            "ubuntu 12.04 precise");
  EXPECT_EQ(Short(ParseLsbRelease("DISTRIB_ID=\"VMware Photon OS\"\n"
                                  "DISTRIB_RELEASE=\"3.0\"\n")),
            "photon 3.0 -");
  EXPECT_EQ(Short(ParseLsbRelease("LSB_VERSION=base-4.0-amd64\n")), "none");
}

TEST(ReleaseLineTest, EveryFamilyGivesItsOsReleaseId) {
  const std::pair<const char*, const char*> kLines[] = {
      {"CentOS release 5.11 (Final)", "centos 5.11 Final"},
      {"CentOS release 5 (Final)", "centos 5 Final"},
      {"CentOS Linux release 7.6.1810 (Core) \n", "centos 7.6.1810 Core"},
      {"CentOS Stream release 8", "centos 8 -"},
      {"Red Hat Enterprise Linux Server release 6.10 (Santiago)",
       "rhel 6.10 Santiago"},
      {"Red Hat Enterprise Linux AS release 4 (Nahant Update 9)",
       "rhel 4 Nahant Update 9"},
      {"Red Hat Enterprise Linux Atomic Host release 7.9", "rhel 7.9 -"},
      {"Red Hat Enterprise Linux CoreOS release 4.12", "rhcos 4.12 -"},
      {"Red Hat Linux release 6.2 (Zoot)", "red-hat-linux 6.2 Zoot"},
      {"Oracle Linux Server release 7.6", "ol 7.6 -"},
      {"Enterprise Linux Enterprise Linux Server release 5.11 (Carthage)",
       "ol 5.11 Carthage"},
      {"Rocky Linux release 8.10 (Green Obsidian)",
       "rocky 8.10 Green Obsidian"},
      {"AlmaLinux release 8.4 (Electric Cheetah)",
       "almalinux 8.4 Electric Cheetah"},
      {"Scientific Linux release 6.10 (Carbon)", "scientific 6.10 Carbon"},
      {"Fedora release 29 (Twenty Nine)", "fedora 29 Twenty Nine"},
      {"Fedora Core release 6 (Zod)", "fedora 6 Zod"},
      {"Amazon Linux AMI release 2018.03", "amzn 2018.03 -"},
      {"Amazon Linux release 2 (Karoo)", "amzn 2 Karoo"},
      {"Amazon Linux release 2023.3.20240304 (Amazon Linux)",
       "amzn 2023 Amazon Linux"},
      {"VMware Photon OS 3.0\nPHOTON_BUILD_NUMBER=x", "photon 3.0 -"},
      {"VMware Photon Linux 1.0", "photon 1.0 -"},
      {"CBL-Mariner 2.0.20240123", "mariner 2.0 -"},
      {"CloudLinux release 7.9 (Boris Yegorov)",
       "cloudlinux 7.9 Boris Yegorov"},
      {"Photon release OVAL database to pull from.", "none"},
      {"() release 5", "none"},
      {"", "none"},
  };
  for (const auto& [line, expected] : kLines) {
    EXPECT_EQ(Short(ParseReleaseLine(line)), expected) << line;
  }
}

TEST(SuseReleaseTest, PatchLevelIsTheMinorVersion) {
  EXPECT_EQ(Short(ParseSuseRelease("SUSE Linux Enterprise Server 11 (x86_64)\n"
                                   "VERSION = 11\nPATCHLEVEL = 4\n")),
            "sles 11.4 -");
  EXPECT_EQ(Short(ParseSuseRelease("SUSE Linux Enterprise Server 12 (x86_64)\n"
                                   "VERSION = 12\nPATCHLEVEL = 0\n")),
            "sles 12 -");
  EXPECT_EQ(Short(ParseSuseRelease("openSUSE 13.1 (x86_64)\nVERSION = 13.1\n"
                                   "CODENAME = Bottle\n")),
            "opensuse 13.1 -");
  EXPECT_EQ(Short(ParseSuseRelease("SUSE LINUX 10.0 (X86-64) OSS\n"
                                   "VERSION = 10.0\n")),
            "opensuse 10.0 -");
}

TEST(AlpineReleaseTest, IsTheVersion) {
  EXPECT_EQ(Short(ParseAlpineRelease("3.18.4\n")), "alpine 3.18.4 -");
  EXPECT_EQ(Short(ParseAlpineRelease("3.21.0_alpha20240923\n")),
            "alpine 3.21.0_alpha20240923 -");
  EXPECT_EQ(Short(ParseAlpineRelease("edge?\n")), "none");
}

TEST(DebianVersionTest, IsAReleaseOrACodename) {
  EXPECT_EQ(Short(ParseDebianVersion("9.13\n")), "debian 9 -");
  EXPECT_EQ(Short(ParseDebianVersion("6.0.10\n")), "debian 6 -");
  EXPECT_EQ(Short(ParseDebianVersion("bookworm/sid\n")), "debian - bookworm");
  EXPECT_EQ(Short(ParseDebianVersion("\n")), "none");
}

TEST(SystemReleaseCpeTest, VendorDecides) {
  EXPECT_EQ(Short(ParseSystemReleaseCpe("cpe:/o:centos:linux:6:GA")),
            "centos 6 -");
  EXPECT_EQ(
      Short(ParseSystemReleaseCpe("cpe:2.3:o:amazon:amazon_linux:2023\n")),
      "amzn 2023 -");
  EXPECT_EQ(Short(ParseSystemReleaseCpe("cpe:/o:centos:6:GA")), "none");
  EXPECT_EQ(Short(ParseSystemReleaseCpe("centos:linux:6")), "none");
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
