#include "agent/extract/lang/java/java.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using archive::testing::ZipBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Properties(std::string_view group, std::string_view artifact,
                       std::string_view version) {
  return "groupId=" + std::string(group) +
         "\nartifactId=" + std::string(artifact) +
         "\nversion=" + std::string(version) + "\n";
}

std::string Jar(std::string_view artifact) {
  return ZipBuilder()
      .Deflated(
          "META-INF/maven/org.a/" + std::string(artifact) + "/pom.properties",
          Properties("org.a", artifact, "1"))
      .Build();
}

// "name version @ location" of each package.
std::vector<std::string> Packages(const model::FileExtract& extract) {
  std::vector<std::string> lines;
  for (const model::Package& package : extract.packages) {
    EXPECT_EQ(package.type, "maven");
    lines.push_back(package.name + " " + package.version + " @ " +
                    package.location);
  }
  return lines;
}

model::FileExtract Read(std::string_view path, std::string_view bytes) {
  return extract::testing::Extract(Java(), path, bytes);
}

TEST(JavaTest, EachPropertiesFileIsAPackage) {
  const auto extract =
      Read("opt/shaded-2.jar",
           ZipBuilder()
               .Store("META-INF/MANIFEST.MF", "Bundle-License: MIT\n")
               .Deflated("META-INF/maven/org.a/shaded/pom.properties",
                         Properties("org.a", "shaded", "2"))
               .Deflated("META-INF/maven/org.b/inner/pom.properties",
                         Properties("org.b", "inner", "3"))
               .Build());
  EXPECT_THAT(
      Packages(extract),
      ElementsAre("org.a:shaded 2 @ META-INF/maven/org.a/shaded/pom.properties",
                  "org.b:inner 3 @ META-INF/maven/org.b/inner/pom.properties"));
  EXPECT_THAT(extract.packages[0].licenses, ElementsAre("MIT"));
  EXPECT_THAT(extract.packages[1].licenses, IsEmpty());
  EXPECT_EQ(extract.problem, "");
}

TEST(JavaTest, NestedArchivesAreReadStoredOrDeflated) {
  const auto extract =
      Read("app.war", ZipBuilder()
                          .Store("WEB-INF/lib/a.jar", Jar("a"))
                          .Deflated("WEB-INF/lib/b.jar", Jar("b"))
                          .Deflated("WEB-INF/lib/foo-1.jar",
                                    ZipBuilder().Store("x", "").Build())
                          .Build());
  const std::string member = "pom.properties";
  EXPECT_THAT(
      Packages(extract),
      ElementsAre(
          "foo 1 @ WEB-INF/lib/foo-1.jar",
          "org.a:a 1 @ WEB-INF/lib/a.jar!/META-INF/maven/org.a/a/" + member,
          "org.a:b 1 @ WEB-INF/lib/b.jar!/META-INF/maven/org.a/b/" + member));
}

TEST(JavaTest, ALargeDeflatedArchiveIsReadWithoutHoldingIt) {
  // Over the 8 MiB that may be held; what tells lies at both ends.
  std::string noise(9 << 20, '\0');
  uint32_t state = 1;
  for (char& c : noise) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 28);
  }
  const std::string inner =
      ZipBuilder()
          .Deflated("META-INF/maven/org.a/a/pom.properties",
                    Properties("org.a", "a", "1"))
          .Store("noise", noise)
          .Deflated("META-INF/maven/org.a/b/pom.properties",
                    Properties("org.a", "b", "2"))
          .Build();
  const auto extract =
      Read("app.ear", ZipBuilder().Deflated("lib/x.jar", inner).Build());
  EXPECT_THAT(
      Packages(extract),
      ElementsAre(
          "org.a:a 1 @ lib/x.jar!/META-INF/maven/org.a/a/pom.properties",
          "org.a:b 2 @ lib/x.jar!/META-INF/maven/org.a/b/pom.properties"));
  EXPECT_EQ(extract.problem, "");
}

TEST(JavaTest, PropertiesWithoutAVersionTakeTheManifests) {
  const auto extract = Read(
      "a.jar", ZipBuilder()
                   .Store("META-INF/MANIFEST.MF", "Implementation-Version: 7\n")
                   .Store("META-INF/maven/org.a/a/pom.properties",
                          "groupId=org.a\nversion=${revision}\n"
                          "artifactId=a\n")
                   .Build());
  // The manifest alone would not tell a group.
  EXPECT_THAT(Packages(extract), IsEmpty());
  const auto named =
      Read("a-7.jar", ZipBuilder()
                          .Store("META-INF/maven/org.a/a/pom.properties",
                                 "version=${revision}\n")
                          .Build());
  EXPECT_THAT(Packages(named),
              ElementsAre("org.a:a 7 @ META-INF/maven/org.a/a/pom.properties"));
}

TEST(JavaTest, AnArchiveIsToldBesideTheOnlyOneThatWasPackedIntoIt) {
  const ZipBuilder builder =
      ZipBuilder()
          .Store("META-INF/MANIFEST.MF",
                 "Bundle-SymbolicName: com.google.inject\n"
                 "Bundle-Name: guice\nBundle-Version: 4.2.3\n")
          .Store("META-INF/maven/cglib/cglib/pom.xml", "")
          .Store("META-INF/maven/cglib/cglib/pom.properties",
                 Properties("cglib", "cglib", "3.2.12"));
  EXPECT_THAT(Packages(Read("guice.jar", builder.Build())),
              ElementsAre("cglib:cglib 3.2.12 @ "
                          "META-INF/maven/cglib/cglib/pom.properties",
                          "com.google.inject:guice 4.2.3 @ "
                          "META-INF/MANIFEST.MF"));
  // One that was renamed has the version that it says.
  const auto renamed =
      Read("maven3-core.jar",
           ZipBuilder()
               .Store("META-INF/MANIFEST.MF",
                      "Implementation-Version: 3.8.7\n"
                      "Implementation-Vendor-Id: org.apache.maven\n")
               .Store("META-INF/maven/org.apache.maven/maven-core/"
                      "pom.properties",
                      Properties("org.apache.maven", "maven-core", "3.8.7"))
               .Build());
  EXPECT_THAT(Packages(renamed),
              ElementsAre("org.apache.maven:maven-core 3.8.7 @ META-INF/maven/"
                          "org.apache.maven/maven-core/pom.properties"));
}

TEST(JavaTest, AnArchiveThatTellsNothingIsNoProblem) {
  const auto extract =
      Read("app.jar", ZipBuilder().Store("a.class", "x").Build());
  EXPECT_THAT(extract.packages, IsEmpty());
  EXPECT_EQ(extract.problem, "");
  EXPECT_EQ(Read("empty.jar", "").problem, "");
}

TEST(JavaTest, WhatIsNoArchiveIsAProblem) {
  EXPECT_EQ(Read("a.jar", "text").problem, "it is not a zip archive");
  EXPECT_EQ(Read("a.par", "text").problem, "");
  const auto extract =
      Read("app.war", ZipBuilder().Store("lib/x.jar", "text").Build());
  EXPECT_EQ(extract.problem, "lib/x.jar!/it is not a zip archive");
}

TEST(JavaTest, WhatJarPacksIsRead) {
  if (!extract::testing::HaveTool("jar")) GTEST_SKIP() << "no jar here";
  const extract::testing::TempDir dir;
  extract::testing::WriteFile(dir.path() + "/manifest",
                              "Implementation-Vendor-Id: org.a\n"
                              "Implementation-Title: made-here\n"
                              "Implementation-Version: 1.5\n");
  extract::testing::RunCommand("cd " + dir.path() +
                               " && jar cfm made.jar manifest manifest");
  EXPECT_THAT(Packages(Read("made.jar", extract::testing::ReadFile(
                                            dir.path() + "/made.jar"))),
              ElementsAre("org.a:made-here 1.5 @ META-INF/MANIFEST.MF"));
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
