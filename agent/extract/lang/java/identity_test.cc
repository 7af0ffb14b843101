#include "agent/extract/lang/java/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/extract/lang/java/published_groups.h"

namespace landwaiter::agent::extract::lang {
namespace {

using ::testing::ElementsAre;

struct NameCase {
  std::string_view path, artifact, version;
};

class JarNameTest : public ::testing::TestWithParam<NameCase> {};

TEST_P(JarNameTest, ArtifactAndVersionAreParted) {
  const JarName name = ParseJarName(GetParam().path);
  EXPECT_EQ(name.artifact, GetParam().artifact);
  EXPECT_EQ(name.version, GetParam().version);
}

INSTANTIATE_TEST_SUITE_P(
    Names, JarNameTest,
    ::testing::Values(
        NameCase{"a/asm-3.3.jar", "asm", "3.3"},
        NameCase{"guava-27.0-jre.jar", "guava", "27.0-jre"},
        NameCase{"log4j-1.2-api-2.14.1.jar", "log4j-1.2-api", "2.14.1"},
        NameCase{"zstd-jni-1.3.8-5.jar", "zstd-jni", "1.3.8-5"},
        NameCase{"x-1.0-beta-2.jar", "x", "1.0-beta-2"},
        NameCase{"x-1.0-20200101.123456-1.jar", "x", "1.0-20200101.123456-1"},
        NameCase{"netty-tcnative-2.0.36.Final-linux-x86_64.jar",
                 "netty-tcnative", "2.0.36.Final"},
        NameCase{"scala-library_2.13-2.13.8.jar", "scala-library_2.13",
                 "2.13.8"},
        NameCase{"app.war", "app", ""}, NameCase{"-1.jar", "-1", ""},
        NameCase{"a-.jar", "a-", ""}, NameCase{".jar", ".jar", ""},
        NameCase{"", "", ""}));

TEST(IsJavaArchiveTest, EndingsInAnyCaseAreArchives) {
  for (const char* path :
       {"a.jar", "b/c.WAR", "d.ear", "e.par", "f.hpi", "g.jpi"}) {
    EXPECT_TRUE(IsJavaArchive(path)) << path;
  }
  for (const char* path : {"ajar", "a.jarx", "jar", ".jar", "", "a.rar"}) {
    EXPECT_FALSE(IsJavaArchive(path)) << path;
  }
}

TEST(ManifestTest, LinesAreContinuedAndSectionsEndIt) {
  const Manifest manifest(
      "Manifest-Version: 1.0\r\nBundle-Name: a long\r\n  name\r\n"
      "no attribute\r\n continued\r\nBUNDLE-VERSION:1\rbundle-version: 2\n"
      "\nName: x\nShort-Name: y\n");
  EXPECT_EQ(manifest.Get("bundle-name"), "a long name");
  EXPECT_EQ(manifest.Get("bundle-version"), "1");
  EXPECT_EQ(manifest.Get("short-name"), "");
}

TEST(PomPropertiesTest, CommentsAndUnresolvedVariablesAreLeftOut) {
  const Coordinate coordinate = ParsePomProperties(
      "#Generated\r\n!x\nversion=${revision}\ngroupId = org.a\r\n"
      "artifactId:b\n");
  EXPECT_EQ(coordinate.Name(), "org.a:b");
  EXPECT_EQ(coordinate.version, "");
}

std::string Own(std::string_view path, std::string_view manifest,
                const std::vector<Coordinate>& poms = {}) {
  const auto own = OwnCoordinate(ParseJarName(path), Manifest(manifest), poms);
  return own.has_value() ? own->Name() + " " + own->version : "";
}

TEST(OwnCoordinateTest, TheNameIsBelievedBeforeTitles) {
  EXPECT_EQ(Own("asm-3.3.jar", "Implementation-Title: ASM\n"), "asm:asm 3.3");
  EXPECT_EQ(Own("foo-1.0.jar", ""), "foo 1.0");
}

TEST(OwnCoordinateTest, AManifestTellsARenamedArchive) {
  EXPECT_EQ(Own("plugin.jar",
                "Implementation-Vendor-Id: com.a\nImplementation-Title: b\n"
                "Implementation-Version: 1.2\n"),
            "com.a:b 1.2");
  EXPECT_EQ(Own("catalina.jar",
                "Bundle-SymbolicName: org.apache.tomcat-catalina\n"
                "Implementation-Title: Apache Tomcat\n"
                "Implementation-Version: 9.0.30\n"),
            "org.apache.tomcat:tomcat-catalina 9.0.30");
  EXPECT_EQ(Own("x.hpi",
                "Group-Id: org.jenkins-ci\nShort-Name: git\n"
                "Plugin-Version: 4.1\n"),
            "org.jenkins-ci:git 4.1");
  EXPECT_EQ(Own("x.jar", "Implementation-Title: com.a#b;1.5.18\n"),
            "com.a:b 1.5.18");
}

TEST(OwnCoordinateTest, ABundlesNameTellsTheGroup) {
  EXPECT_EQ(Own("bar-1.jar", "Bundle-SymbolicName: org.foo.bar;x:=true\n"),
            "org.foo:bar 1");
  EXPECT_EQ(Own("felix-main-1.jar", "Bundle-SymbolicName: org.felix\n"),
            "org.felix:felix-main 1");
  EXPECT_EQ(Own("bar-1.jar", "Bundle-SymbolicName: org.foo.other\n"), "bar 1");
}

TEST(OwnCoordinateTest, APomsPathTellsTheArtifact) {
  const auto pom = CoordinateOfPath("META-INF/maven/org.a/b/pom.xml");
  ASSERT_TRUE(pom.has_value());
  EXPECT_EQ(Own("b-2.jar", "", {*pom}), "org.a:b 2");
  EXPECT_FALSE(CoordinateOfPath("META-INF/maven/b/pom.xml").has_value());
  EXPECT_FALSE(CoordinateOfPath("xMETA-INF/maven/a/b/pom.xml").has_value());
}

TEST(OwnCoordinateTest, WithoutAVersionOrAGroupThereIsNone) {
  EXPECT_EQ(Own("app.jar", "Implementation-Title: app\n"), "");
  EXPECT_EQ(Own("app.jar", "Implementation-Version: 1\n"), "");
  EXPECT_EQ(Own("app.jar", "Implementation-Version: ${version}\n"), "");
}

TEST(PublishedGroupTest, GroupsChangeWithVersions) {
  EXPECT_EQ(PublishedGroup("asm", "3.3.1"), "asm");
  EXPECT_EQ(PublishedGroup("asm", "4.0"), "org.ow2.asm");
  EXPECT_EQ(PublishedGroup("javassist", "3.12.1.GA"), "javassist");
  EXPECT_EQ(PublishedGroup("javassist", "3.13"), "org.javassist");
  EXPECT_EQ(PublishedGroup("spring-boot-starter", "2"),
            "org.springframework.boot");
  EXPECT_EQ(PublishedGroup("spring-webx", "5"), "");
  EXPECT_EQ(PublishedGroup("ehcache", "2.10.9"), "net.sf.ehcache");
  EXPECT_EQ(PublishedGroup("ehcache", "3.10.0"), "org.ehcache");
  EXPECT_EQ(PublishedGroup("grpc-netty-shaded", "1.68.1"), "io.grpc");
  EXPECT_EQ(PublishedGroup("opentelemetry-semconv", "1.28.0"),
            "io.opentelemetry.semconv");
  EXPECT_EQ(PublishedGroup("opentelemetry-api", "1.28.0"), "io.opentelemetry");
  EXPECT_EQ(PublishedGroup("rxjava", "99999999999.99999999999"),
            "io.reactivex.rxjava3");
}

TEST(LicensesTest, NamesWithoutDirectives) {
  EXPECT_THAT(LicensesOf(Manifest("Bundle-License: MIT;link=x\n"
                                  "Plugin-License-Name: Apache 2\n")),
              ElementsAre("MIT", "Apache 2"));
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
