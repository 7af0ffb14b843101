#include "agent/extract/lang/maven/maven.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/lang/testing/rows.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using extract::testing::Extract;
using extract::testing::ExtractFromDamaged;
using ::testing::ElementsAre;
using testing::ExpectCorpus;
using ::testing::IsEmpty;
using testing::Rows;
using testing::RowsOf;

constexpr char kPom[] = "app/pom.xml";
constexpr char kGradle[] = "app/gradle.lockfile";

constexpr char kPomText[] = R"(<?xml version="1.0"?>
<project><modelVersion>4.0.0</modelVersion>
  <parent><groupId>org.up</groupId><artifactId>up</artifactId>
    <version>3.0</version></parent>
  <artifactId>mine</artifactId>
  <dependencyManagement><dependencies><dependency>
    <groupId>org.managed</groupId><artifactId>m</artifactId>
    <version>${m.version}</version></dependency></dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency><groupId>org.a</groupId><artifactId>a</artifactId>
      <version>1.0</version><exclusions><exclusion>
        <groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>b</artifactId>
      <version>${project.version}</version></dependency>
    <dependency><groupId>org.managed</groupId><artifactId>m</artifactId>
    </dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId>
      <version>4.13</version><scope>test</scope></dependency>
    <dependency><groupId>org.r</groupId><artifactId>r</artifactId>
      <version>[1.0,2.0)</version></dependency>
    <dependency><groupId>org.u</groupId><artifactId>u</artifactId>
      <version>${of.parent}</version></dependency>
    <dependency><groupId>org.n</groupId><artifactId>n</artifactId></dependency>
  </dependencies>
  <properties><m.version>${m.base}.1</m.version><m.base>2</m.base></properties>
</project>)";

TEST(MavenTest, APomTellsWhatItKnowsItself) {
  EXPECT_THAT(RowsOf(Maven(), kPom, kPomText),
              ElementsAre("junit:junit 4.13 dev", "org.a:a 1.0",
                          "org.managed:m 2.1", "org.up:b 3.0"));
}

TEST(MavenTest, PropertiesThatNameThemselvesEnd) {
  EXPECT_THAT(RowsOf(Maven(), kPom,
                     "<project><properties><a>${b}${b}</a><b>${a}${a}</b>"
                     "</properties><dependencies><dependency>"
                     "<groupId>g</groupId><artifactId>a</artifactId>"
                     "<version>${a}</version></dependency></dependencies>"
                     "</project>"),
              IsEmpty());
}

TEST(MavenTest, ADamagedPomIsAProblem) {
  const std::string text(kPomText);
  const auto extract =
      Extract(Maven(), kPom, text.substr(0, text.find("<exclusions>")));
  EXPECT_EQ(extract.problem, "line 12: an element without an end");
}

TEST(MavenTest, AGradleLockTellsCoordinates) {
  EXPECT_THAT(RowsOf(Maven(), kGradle,
                     "# comment\norg.a:a:1.0=classpath\n"
                     "junit:junit:4.13.2=testCompileClasspath\nempty=\n"),
              ElementsAre("junit:junit 4.13.2 dev", "org.a:a 1.0"));
}

TEST(MavenTest, DamagedFilesEndInAnExtract) {
  EXPECT_GT(ExtractFromDamaged(Maven(), kPom, kPomText), 40);
  ExtractFromDamaged(Maven(), kGradle, "org.a:a:1.0=classpath\n");
}

TEST(MavenTest, CorpusComesOutAsExpected) {
  const char kRoot[] = "the project itself";
  ExpectCorpus(Maven(), "trivy-parser",
               {{.fixture = "gradle/lockfile/testdata/happy.lockfile",
                 .path = kGradle}});
  ExpectCorpus(
      Maven(), "trivy-analyzer",
      {{.fixture = "java/pom/testdata/happy/pom.xml",
        .path = kPom,
        .otherwise = {{"-com.example:example 1.0.0", kRoot}}},
       {.fixture = "java/pom/testdata/requirements/pom.xml",
        .path = kPom,
        .otherwise = {{"-com.example:example 2.0.0", kRoot},
                      {"-org.example:example-api ", "a range of versions"}}}});
}

TEST(MavenTest, AnSbtLockTellsWhatTestsAloneNeed) {
  EXPECT_THAT(RowsOf(Maven(), "app/build.sbt.lock",
                     R"({"lockVersion": 1, "dependencies": [
  {"org": "a", "name": "b", "version": "1",
   "artifacts": [{"name": "b.jar"}], "configurations": ["test", "compile"]},
  {"org": "a", "name": "t", "version": "2", "configurations": ["test"]}]})"),
              ElementsAre("a:b 1", "a:t 2 dev"));
}

TEST(MavenTest, CorpusSbtLocksComeOutAsExpected) {
  testing::ExpectCorpus(Maven(), "trivy-parser",
                        {{.fixture = "sbt/lockfile/testdata/v1_happy.sbt.lock",
                          .path = "app/build.sbt.lock",
                          .development = testing::Development::kLeftOut}});
  testing::ExpectCorpus(Maven(), "trivy-analyzer",
                        {{.fixture = "java/sbt/testdata/v1/build.sbt.lock",
                          .path = "app/build.sbt.lock"}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
