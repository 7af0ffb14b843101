#include "agent/extract/os/dpkg/dpkg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::os {
namespace {

using ::landwaiter::agent::extract::testing::Extract;
using ::landwaiter::agent::extract::testing::Lines;
using ::testing::ElementsAre;

constexpr char kPath[] = "var/lib/dpkg/status";

std::string Stanza(const std::string& name, const std::string& status) {
  return "Package: " + name + "\nStatus: " + status +
         "\nArchitecture: amd64\nVersion: 1.0\n\n";
}

std::vector<std::string> Names(const model::FileExtract& extract) {
  std::vector<std::string> names;
  for (const auto& package : extract.packages) names.push_back(package.name);
  return names;
}

TEST(DpkgTest, WantsStatusFilesAndNotWhatLiesBeside) {
  const Dpkg dpkg;
  EXPECT_TRUE(dpkg.Wants("var/lib/dpkg/status"));
  EXPECT_TRUE(dpkg.Wants("usr/lib/dpkg/status"));
  EXPECT_TRUE(dpkg.Wants("var/lib/dpkg/status.d/python3.11-minimal"));
  EXPECT_TRUE(dpkg.Wants("var/lib/dpkg/status.d/libpython3.11"));
  EXPECT_TRUE(dpkg.Wants("var/lib/dpkg/status.d/base.md5sums"));
  EXPECT_TRUE(dpkg.Wants("var/lib/dpkg/info/libc6:amd64.list"));
  EXPECT_FALSE(dpkg.Wants("var/lib/dpkg/info/libc6:amd64.md5sums"));
  EXPECT_FALSE(dpkg.Wants("var/lib/dpkg/info/a/b.list"));
  EXPECT_FALSE(dpkg.Wants("var/lib/dpkg/status.d/base.preinst"));
  EXPECT_FALSE(dpkg.Wants("var/lib/dpkg/status.d/"));
  EXPECT_FALSE(dpkg.Wants("var/lib/dpkg/status.d/a/b"));
  EXPECT_FALSE(dpkg.Wants("var/lib/dpkg/status-old"));
  EXPECT_FALSE(dpkg.Wants("srv/var/lib/dpkg/status"));
}

TEST(DpkgTest, FieldsMakeAPackage) {
  const auto extract = Extract(Dpkg(), kPath,
                               "Package: libc6\n"
                               "Status: install ok installed\n"
                               "Maintainer: GNU Libc Maintainers <a@b.c>\n"
                               "Architecture: amd64\n"
                               "Source: glibc (2.36-9)\n"
                               "Version: 2.36-9+b1\n"
                               "Description: a library\n"
                               " with more text\n"
                               " Version: not a field\n");
  EXPECT_THAT(Lines(extract.packages),
              ElementsAre("libc6 2.36-9+b1 amd64 glibc 2.36-9"));
  EXPECT_EQ(extract.packages[0].type, "deb");
  EXPECT_EQ(extract.packages[0].vendor, "GNU Libc Maintainers <a@b.c>");
  EXPECT_EQ(extract.problem, "");
}

TEST(DpkgTest, SourceIsThePackageItselfWhereItIsLeftOut) {
  const auto extract =
      Extract(Dpkg(), kPath,
              "Package: a\nVersion: 1:2-3\nArchitecture: all\n\n"
              "package: b\nVERSION: 5\nSource: c\nArchitecture: all\n");
  EXPECT_THAT(Lines(extract.packages),
              ElementsAre("a 1:2-3 all a 1:2-3", "b 5 all c 5"));
}

TEST(DpkgTest, WhatHasItsCodeOnDiskIsInstalled) {
  const auto extract = Extract(
      Dpkg(), kPath,
      Stanza("a", "install ok installed") + Stanza("b", "hold ok installed") +
          Stanza("c", "deinstall ok config-files") +
          Stanza("d", "install ok half-configured") +
          Stanza("e", "install ok triggers-pending") +
          Stanza("f", "install reinstreq half-installed") +
          Stanza("g", "purge ok not-installed") +
          Stanza("h", "deinstall ok installed") +
          Stanza("i", "install ok unpacked") +
          Stanza("j", "install ok triggers-awaited"));
  EXPECT_THAT(Names(extract),
              ElementsAre("a", "b", "d", "e", "f", "h", "i", "j"));
  EXPECT_EQ(extract.problem, "");
}

TEST(DpkgTest, ListsAndSumsTellWhoOwnsFiles) {
  const auto list = Extract(Dpkg(), "var/lib/dpkg/info/python3.11.list",
                            "/.\n/usr\n/usr/bin\n/usr/bin/python3.11\n"
                            "/usr/share/doc/x\n/usr/bin/../evil\n/bin/a b\n");
  EXPECT_THAT(list.owned_files, ElementsAre("bin/a b", "usr/bin/python3.11"));
  EXPECT_TRUE(list.packages.empty());
  EXPECT_EQ(list.problem, "");
  const auto sums =
      Extract(Dpkg(), "var/lib/dpkg/status.d/openssl.md5sums",
              "0123  usr/lib/libssl.so.3\nno-digest\n4567  ./bin/openssl\n");
  EXPECT_THAT(sums.owned_files,
              ElementsAre("bin/openssl", "usr/lib/libssl.so.3"));
}

TEST(DpkgTest, ABrokenStanzaIsAProblemAndTheRestIsKept) {
  const auto extract =
      Extract(Dpkg(), kPath,
              Stanza("a", "install ok installed") +
                  "Package: nameless-version\n\nthis is no field\n\n" +
                  Stanza("z", "install ok installed"));
  EXPECT_THAT(Names(extract), ElementsAre("a", "z"));
  EXPECT_EQ(extract.problem,
            "the stanza at line 6: a package without a version "
            "(nameless-version) (and 1 more)");
}

TEST(DpkgTest, AnEmptyDatabaseIsNoProblem) {
  for (const char* text : {"", "\n", "\n\n\n"}) {
    const auto extract = Extract(Dpkg(), kPath, text);
    EXPECT_TRUE(extract.packages.empty());
    EXPECT_EQ(extract.problem, "");
  }
}

TEST(DpkgTest, WindowsLineEndsAndLongLinesAreRead) {
  const auto extract = Extract(
      Dpkg(), kPath,
      "Package: a\r\nVersion: 1\r\nDepends: " + std::string(1 << 20, 'x') +
          "\r\n\r\nPackage: b\r\nVersion: 2\r\n");
  EXPECT_THAT(Names(extract), ElementsAre("a", "b"));
  EXPECT_EQ(extract.problem, "");
}

// 50 MB of one stanza over and over, made as it is read.
class EndlessFile : public File {
 public:
  uint64_t size() const override { return 50'000'000; }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer,
                                size_t size) override {
    largest_read_ = std::max(largest_read_, size);
    if (offset >= this->size()) return 0;
    size = std::min<uint64_t>(size, this->size() - offset);
    for (size_t i = 0; i < size; ++i) {
      buffer[i] = stanza_[(offset + i) % stanza_.size()];
    }
    return size;
  }
  size_t largest_read() const { return largest_read_; }

 private:
  const std::string stanza_ = "Package: a\nVersion: 1\nDescription: x\n " +
                              std::string(9'955, 'y') + "\n\n";
  size_t largest_read_ = 0;
};

TEST(DpkgTest, ALargeDatabaseIsReadInBlocks) {
  EndlessFile file;
  const auto extract = Dpkg().Extract(kPath, file);
  ASSERT_TRUE(extract.ok());
  EXPECT_EQ(extract->problem, "");
  EXPECT_EQ(extract->packages.size(), 1u);
  EXPECT_LE(file.largest_read(), 64u * 1024);
}

TEST(DpkgTest, DamagedDatabasesEndInAnExtract) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += Stanza("package" + std::to_string(i), "install ok installed");
  }
  // A prefix may end between stanzas, so not each is a problem.
  EXPECT_GT(testing::ExtractFromDamaged(Dpkg(), kPath, text), 10);
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
