#include "agent/extract/software/software.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/elf/testing/elf_builder.h"
#include "agent/extract/software/signatures.h"
#include "agent/extract/software/version_search.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::software {
namespace {

using archive::testing::ZipBuilder;
using elf::testing::MakeElf;
using extract::testing::ReadFile;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Read(std::string_view path, std::string_view bytes) {
  const auto extract = extract::testing::Extract(Software(), path, bytes);
  EXPECT_EQ(extract.problem, "") << path;
  std::vector<std::string> lines;
  for (const model::Package& package : extract.packages) {
    EXPECT_EQ(package.type, "generic");
    lines.push_back(package.name + " " + package.version);
  }
  return lines;
}

// A program with strings in it, and noise around them.
std::string Program(const std::vector<std::string>& strings) {
  std::string data(1, '\0');
  for (const std::string& text : strings) data += text + '\0';
  return MakeElf({{".text", std::string(5000, 'x'), 1}, {".rodata", data, 2}});
}

TEST(SoftwareTest, ProgramsTellTheirVersions) {
  struct Case {
    std::string path;
    std::vector<std::string> strings;
    std::string expected;
  };
  for (const Case& each : std::vector<Case>{
           {"usr/sbin/nginx", {"nginx version: nginx/1.25.3"}, "nginx 1.25.3"},
           {"opt/nginx",
            {"nginx version: openresty/1.21.4.1"},
            "openresty 1.21.4.1"},
           {"usr/local/apache2/bin/httpd",
            {"Apache/2", "Apache/2.4", "Apache/2.4.58 (Unix)"},
            "httpd 2.4.58"},
           {"redis-server",
            {"6.2.0", "127.0.0.1", "7.0.15", "7.0.3", "7.0.99x y"},
            "redis 7.0.15"},
           {"mysqld", {"/build/mysql-8.0.36/sql"}, "mysql 8.0.36"},
           {"mysqld", {"5.7.31", "10.6.12-MariaDB-log"}, "mariadb 10.6.12"},
           {"libpython3.10.so.1.0",
            {"1.2.13", "a/Python-3.10.13"},
            "python 3.10.13"},
           {"python3.13", {"3.13.0rc1"}, "python 3.13.0rc1"},
           {"libcrypto.so.1.1",
            {"OpenSSL 1.1.1w  11 Sep 2023"},
            "openssl 1.1.1w"},
           {"haproxy", {" version 2.6.12-1, released"}, "haproxy 2.6.12"},
           {"postgres",
            {"postgres (PostgreSQL) 16.1 (Debian 1)"},
            "postgresql 16.1"},
       }) {
    EXPECT_THAT(Read(each.path, Program(each.strings)),
                ElementsAre(each.expected));
  }
}

TEST(SoftwareTest, WhatOnlyLooksLikeAVersionIsNone) {
  EXPECT_THAT(Read("nginx", Program({"nginx version: nginx/x", "1.2.3"})),
              IsEmpty());
  EXPECT_THAT(Read("mysqld", Program({"x10.6.12-MariaDB", "10.6-MariaDB"})),
              IsEmpty());
  EXPECT_THAT(Read("libpython3.10.so", Program({"13.10.1", "3.10.1.", "3.1"})),
              IsEmpty());
  EXPECT_THAT(Read("libpython3.so", Program({"3.10.1"})), IsEmpty());
}

TEST(SoftwareTest, AFileThatEndsWithinAStringIsSearchedOnce) {
  const std::string bytes(
      "x\0"
      "7.0.15\0"
      "text",
      13);
  EXPECT_THAT(Read("redis-server", bytes), ElementsAre("redis 7.0.15"));
  EXPECT_THAT(Read("redis-server", "text"), IsEmpty());
}

TEST(SoftwareTest, AVersionAcrossBlocksIsFound) {
  constexpr size_t kBlock = size_t{256} << 10;
  const std::string text = "nginx version: nginx/1.25.3";
  for (size_t cut = 0; cut <= text.size() + 130; ++cut) {
    std::string bytes(kBlock - cut, '\0');
    bytes += text + std::string(300, '\0');
    ASSERT_THAT(Read("nginx", bytes), ElementsAre("nginx 1.25.3")) << cut;
    bytes.replace(bytes.find(text), text.size(),
                  std::string("\0", 1) + "10.6.12-MariaDB" +
                      std::string(text.size() - 16, '\0'));
    ASSERT_THAT(Read("mysqld", bytes), ElementsAre("mariadb 10.6.12")) << cut;
  }
  EXPECT_THAT(Read("nginx", text), ElementsAre("nginx 1.25.3"));
}

TEST(SoftwareTest, ProgramsWithAKnownNameAreWanted) {
  const std::string head = MakeElf({});
  const Software software;
  EXPECT_TRUE(software.WantsContent({"usr/sbin/nginx", 1000, head}));
  EXPECT_TRUE(software.WantsContent({"libcrypto.so.3", 1000, head}));
  EXPECT_FALSE(software.WantsContent({"usr/sbin/nginx", 1000, "#!/bin/sh"}));
  EXPECT_FALSE(software.WantsContent({"usr/sbin/nginx2", 1000, head}));
  EXPECT_TRUE(software.Wants("opt/java/release"));
  EXPECT_TRUE(software.Wants("opt/tomcat/lib/catalina.jar"));
  EXPECT_FALSE(software.Wants("etc/os-release"));
  EXPECT_FALSE(software.Wants("usr/sbin/nginx"));
}

TEST(SoftwareTest, EverySignatureHasAText) {
  for (const Signature& signature : AllSignatures()) {
    const bool by_text =
        signature.form == Form::kBehind || signature.form == Form::kBefore;
    EXPECT_EQ(by_text, !signature.text.empty()) << signature.product;
    // Both are seen whole within a block.
    EXPECT_LE(signature.text.size(), 64u) << signature.product;
  }
}

TEST(TakeVersionTest, NumbersAndStagesAreTaken) {
  EXPECT_EQ(TakeVersion("1.2.3", 3), "1.2.3");
  EXPECT_EQ(TakeVersion("1.2.3 (x)", 3), "1.2.3");
  EXPECT_EQ(TakeVersion("1.2.3-beta1)", 3), "1.2.3-beta1");
  EXPECT_EQ(TakeVersion("1.0.2zh", 3), "1.0.2zh");
  EXPECT_EQ(TakeVersion("1.2.", 2), "1.2");
  EXPECT_EQ(TakeVersion("1.2", 3), "");
  EXPECT_EQ(TakeVersion("1.2.3foo", 3), "");
  EXPECT_EQ(TakeVersion("1.2.3_4", 3), "");
  EXPECT_EQ(TakeVersion(std::string(50, '1'), 1), "");
  EXPECT_EQ(TakeVersion("", 1), "");
}

TEST(ReleaseFilesTest, AJdkTellsItsVersion) {
  EXPECT_THAT(Read("opt/jdk/release",
                   "IMPLEMENTOR=\"Eclipse\"\nJAVA_VERSION=\"21.0.4\"\n"),
              ElementsAre("openjdk 21.0.4"));
  EXPECT_THAT(
      Read("release", "JAVA_VERSION=\"1.8.0_411\"\nBUILD_TYPE=\"commercial\""),
      ElementsAre("oracle-jdk 1.8.0_411"));
  EXPECT_THAT(Read("release", "9"), IsEmpty());
  EXPECT_THAT(Read("release", "JAVA_VERSION=\"\"\n"), IsEmpty());
  EXPECT_THAT(Read("release", std::string(1 << 20, 'x')), IsEmpty());
}

TEST(ReleaseFilesTest, TomcatTellsItsVersion) {
  EXPECT_THAT(
      Read("lib/catalina.jar",
           ZipBuilder()
               .Deflated("org/apache/catalina/util/ServerInfo.properties",
                         "server.info=Apache Tomcat/9.0.70 (Debian)\n")
               .Build()),
      ElementsAre("tomcat 9.0.70"));
  EXPECT_THAT(Read("lib/catalina.jar", "text"), IsEmpty());
}

TEST(ReleaseFilesTest, DamagedFilesEndInAnExtract) {
  extract::testing::ExtractFromDamaged(
      Software(), "opt/.bitnami_components.json",
      R"({"redis": {"arch": "amd64", "version": "7.0.5-3"}})");
  extract::testing::ExtractFromDamaged(Software(), "usr/sbin/nginx",
                                       Program({"nginx version: nginx/1.2"}));
}

class SoftwareCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto corpus = extract::testing::Corpus();
    if (!corpus.has_value()) GTEST_SKIP() << "no LANDWAITER_CORPUS";
    syft_ = *corpus + "/lang/syft/";
  }
  std::vector<std::string> ReadCorpus(const std::string& path) {
    return Read(path, ReadFile(syft_ + path));
  }
  std::string syft_;
};

TEST_F(SoftwareCorpusTest, JdksTellTheirVersions) {
  const std::string jvms = "java/testdata/jvm-installs/";
  EXPECT_THAT(ReadCorpus(jvms + "valid-post-jep223/jvm/openjdk/release"),
              ElementsAre("openjdk 21.0.4"));
  EXPECT_THAT(ReadCorpus(jvms + "oracle-jdk-se-8/usr/lib/jvm/"
                                "jdk-1.8-oracle-x64/release"),
              ElementsAre("oracle-jdk 1.8.0_411"));
}

TEST_F(SoftwareCorpusTest, BitnamisComponentsAreRead) {
  EXPECT_THAT(ReadCorpus("bitnami/testdata/components-json-mongodb/opt/"
                         "bitnami/.bitnami_components.json"),
              ::testing::IsSupersetOf({"gosu 1.14.0", "mongodb 4.4.11"}));
}

}  // namespace
}  // namespace landwaiter::agent::extract::software
