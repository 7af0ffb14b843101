#include "agent/extract/os/opkg/opkg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::os {
namespace {

using ::landwaiter::agent::extract::testing::Corpus;
using ::landwaiter::agent::extract::testing::Extract;
using ::landwaiter::agent::extract::testing::Lines;
using ::landwaiter::agent::extract::testing::ReadFile;
using ::testing::ElementsAre;

constexpr char kPath[] = "usr/lib/opkg/status";

// As OpenWrt 23.05 writes it.
constexpr char kStatus[] =
    "Package: libc\n"
    "Version: 1.2.4-4\n"
    "Depends: libgcc1\n"
    "Status: install hold installed\n"
    "Architecture: x86_64\n"
    "Installed-Time: 1699999999\n"
    "Auto-Installed: yes\n"
    "\n"
    "Package: dnsmasq\n"
    "Version: 2.90-2\n"
    "Depends: libc, libubus20230605\n"
    "Provides: dnsmasq-any\n"
    "Status: install user installed\n"
    "Architecture: x86_64\n"
    "Conffiles:\n"
    " /etc/config/dhcp f1d27e82c9c4c1a9d6ef6a4c0fbf2d1a\n"
    " /etc/dnsmasq.conf 1e6ab19c1ae5e70d609ac7b6246541d5\n"
    "Installed-Time: 1699999999\n"
    "\n"
    "Package: kmod-gone\n"
    "Version: 5.15.137-1\n"
    "Status: deinstall ok not-installed\n"
    "Architecture: x86_64\n"
    "\n";

TEST(OpkgTest, InstalledPackagesOfAStatusFileAreTold) {
  const auto extract = Extract(Opkg(), kPath, kStatus);
  EXPECT_THAT(Lines(extract.packages),
              ElementsAre("dnsmasq 2.90-2 x86_64 dnsmasq 2.90-2",
                          "libc 1.2.4-4 x86_64 libc 1.2.4-4"));
  EXPECT_EQ(extract.packages[0].type, "opkg");
  EXPECT_EQ(extract.problem, "");
}

TEST(OpkgTest, FilesOfAPackageAreOwned) {
  const std::string list =
      "/usr/sbin/dnsmasq\n"
      "/etc/dnsmasq.conf\n"
      "/usr/bin/python3\t0100755\n";
  for (const char* path :
       {"usr/lib/opkg/info/a.list", "var/lib/opkg/info/a.list"}) {
    EXPECT_THAT(Extract(Opkg(), path, list).owned_files,
                ElementsAre("usr/bin/python3", "usr/sbin/dnsmasq"));
  }
}

TEST(OpkgTest, WantsTheDatabaseInBothPlacesAndNothingBeside) {
  EXPECT_TRUE(Opkg().Wants("usr/lib/opkg/status"));
  EXPECT_TRUE(Opkg().Wants("var/lib/opkg/status"));
  EXPECT_TRUE(Opkg().Wants("usr/lib/opkg/info/libc.list"));
  EXPECT_FALSE(Opkg().Wants("usr/lib/opkg/info/libc.control"));
  EXPECT_FALSE(Opkg().Wants("usr/lib/opkg/info/a/b.list"));
  EXPECT_FALSE(Opkg().Wants("var/opkg-lists/status"));
}

TEST(OpkgTest, DamagedDatabasesEndInAnExtract) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += kStatus;
  testing::ExtractFromDamaged(Opkg(), kPath, text);
}

TEST(OpkgTest, CorpusStatusKeepsWhatIsReadable) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const auto extract =
      Extract(Opkg(), "var/lib/opkg/status",
              ReadFile(*corpus + "/pkgdb/syft/debian/var/lib/opkg/status"));
  EXPECT_THAT(
      Lines(extract.packages),
      ElementsAre("busybox 1.36.1-r3 x86_64 busybox 1.36.1-r3",
                  "dropbear 2024.85-r0 x86_64 dropbear 2024.85-r0",
                  "kernel-modules 6.6.0-r0 x86_64 kernel-modules 6.6.0-r0"));
  EXPECT_THAT(extract.packages[2].licenses,
              ElementsAre("GPL-2.0 BSD-3-Clause"));
}

TEST(OpkgTest, CorpusTextThatIsNoStatusIsAProblem) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const auto extract = Extract(
      Opkg(), kPath,
      ReadFile(*corpus + "/pkgdb/syft/debian/glob-paths/usr/lib/opkg/status"));
  EXPECT_TRUE(extract.packages.empty());
  EXPECT_EQ(extract.problem, "line 1: not a field: bogus status");
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
