#include "agent/extract/os/release/release.h"

#include <gtest/gtest.h>

#include <string>

#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

using ::landwaiter::agent::extract::testing::Corpus;
using ::landwaiter::agent::extract::testing::Extract;

TEST(ReleaseTest, WantsItsFilesAndNoOther) {
  const Release release;
  EXPECT_TRUE(release.Wants("etc/os-release"));
  EXPECT_TRUE(release.Wants("usr/lib/os-release"));
  EXPECT_TRUE(release.Wants("etc/redhat-release"));
  EXPECT_FALSE(release.Wants("opt/etc/os-release"));
  EXPECT_FALSE(release.Wants("etc/os-release/x"));
}

TEST(ReleaseTest, OsReleaseComesFirstAndDebianVersionLast) {
  EXPECT_EQ(Release::Paths().front(), "etc/os-release");
  EXPECT_EQ(Release::Paths().back(), "etc/debian_version");
}

TEST(ReleaseTest, AFileWithoutASystemIsAProblem) {
  const auto extract = Extract(Release(), "etc/os-release", "nothing\n");
  EXPECT_FALSE(extract.os_release.has_value());
  EXPECT_EQ(extract.problem, "the file names no system");
  // Red Hat's lsb-release says LSB_VERSION only: absence is not failure.
  EXPECT_EQ(Extract(Release(), "etc/lsb-release", "LSB_VERSION=x\n").problem,
            "");
}

TEST(ReleaseTest, AHugeFileIsAProblem) {
  const std::string text = "ID=debian\n" + std::string(1 << 20, '#');
  const auto extract = Extract(Release(), "etc/os-release", text);
  EXPECT_FALSE(extract.os_release.has_value());
  EXPECT_NE(extract.problem, "");
}

TEST(ReleaseTest, WhatIsNotUtf8IsReplaced) {
  const auto extract =
      Extract(Release(), "etc/os-release", "ID=x\nPRETTY_NAME=\"a\xFF\"\n");
  EXPECT_EQ(extract.os_release->pretty_name, "a\xEF\xBF\xBD");
}

TEST(ReleaseTest, CorpusOsReleasesGiveTheirIdAndVersion) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  int files = 0;
  for (const auto& row :
       testing::ReadTsv(*corpus + "/pkgdb/osrelease/INDEX.tsv")) {
    if (row.size() < 4 || !row[3].ends_with(".os-release")) continue;
    const auto extract = Extract(Release(), "etc/os-release",
                                 testing::ReadFile(*corpus + "/" + row[3]));
    ASSERT_TRUE(extract.os_release.has_value()) << row[3];
    // The index has the values of files with "\r\n" with their "\r".
    EXPECT_EQ(extract.os_release->id, base::Strip(row[0])) << row[3];
    EXPECT_EQ(extract.os_release->version_id, base::Strip(row[1])) << row[3];
    ++files;
  }
  EXPECT_GT(files, 100);
}

TEST(ReleaseTest, CorpusReleaseLinesNameAKnownSystem) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  int lines = 0;
  for (const auto& row :
       testing::ReadTsv(*corpus + "/pkgdb/osrelease/INDEX.tsv")) {
    // Some rows quote sentences of source files: those name no version.
    if (row.size() < 3 || row[0] != "redhat-release-line" ||
        row[2].find_first_of("0123456789") == std::string::npos) {
      continue;
    }
    const auto release = Extract(Release(), "etc/system-release", row[2]);
    ASSERT_TRUE(release.os_release.has_value()) << row[2];
    const std::string& version = release.os_release->version_id;
    EXPECT_NE(row[2].find(version), std::string::npos) << row[2];
    EXPECT_FALSE(version.empty()) << row[2];
    ++lines;
  }
  EXPECT_GT(lines, 20);
}

TEST(ReleaseTest, CorpusPredecessorsGiveTheSystemOfTheirDirectory) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  struct Case {
    const char* file;
    const char* path;
    const char* id;
    const char* version;
  };
  const Case kCases[] = {
      {"legacy-from-knowledge/alpine2.7/etc/alpine-release",
       "etc/alpine-release", "alpine", "2.7.9"},
      {"legacy-from-knowledge/rhel5/etc/redhat-release", "etc/redhat-release",
       "rhel", "5.11"},
      {"legacy-from-knowledge/sles12/etc/SuSE-release", "etc/SuSE-release",
       "sles", "12.3"},
      {"legacy-from-knowledge/opensuse10.0/etc/SuSE-release",
       "etc/SuSE-release", "opensuse", "10.0"},
      {"legacy-from-knowledge/debian6/etc/debian_version", "etc/debian_version",
       "debian", "6"},
      {"legacy-from-knowledge/ubuntu12.04/etc/lsb-release", "etc/lsb-release",
       "ubuntu", "12.04"},
      {"legacy-from-knowledge/amazon1/etc/system-release", "etc/system-release",
       "amzn", "2018.03"},
      {"legacy-from-knowledge/oracle5/etc/enterprise-release",
       "etc/enterprise-release", "ol", "5.11"},
      {"legacy-from-knowledge/sles11/etc/SuSE-release", "etc/SuSE-release",
       "sles", "11.4"},
      {"trivy/debian/debian_9/etc/debian_version", "etc/debian_version",
       "debian", "9"},
      {"trivy/ubuntu/lsb-release", "etc/lsb-release", "ubuntu", "18.04"},
      {"syft/os/centos6/etc/system-release-cpe", "etc/system-release-cpe",
       "centos", "6"},
  };
  for (const Case& c : kCases) {
    const auto extract =
        Extract(Release(), c.path,
                testing::ReadFile(*corpus + "/pkgdb/osrelease/" + c.file));
    ASSERT_TRUE(extract.os_release.has_value()) << c.file;
    EXPECT_EQ(extract.os_release->id, c.id) << c.file;
    EXPECT_EQ(extract.os_release->version_id, c.version) << c.file;
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
