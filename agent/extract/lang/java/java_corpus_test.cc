// Real archives (their metadata only) with true coordinates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/extract/lang/java/java.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using extract::testing::Corpus;
using extract::testing::ReadFile;
using extract::testing::ReadTsv;

std::set<std::string> Coordinates(const std::string& path) {
  std::set<std::string> coordinates;
  const auto extract = extract::testing::Extract(Java(), path, ReadFile(path));
  EXPECT_EQ(extract.problem, "") << path;
  for (const model::Package& package : extract.packages) {
    coordinates.insert(package.name + ":" + package.version);
  }
  return coordinates;
}

class JavaCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto corpus = Corpus();
    if (!corpus.has_value()) GTEST_SKIP() << "no LANDWAITER_CORPUS";
    lang_ = *corpus + "/lang/";
  }
  std::string lang_;
};

TEST_F(JavaCorpusTest, JarsOfTheRegistryHaveTheirCoordinates) {
  const std::string directory = lang_ + "registry/java/";
  const auto rows = ReadTsv(directory + "TRUTH.tsv");
  ASSERT_GT(rows.size(), 36u);
  for (size_t row = 1; row < rows.size(); ++row) {
    std::set<std::string> truth = {rows[row][1]};
    // The list has the jar's own coordinate; this one has another packed into
    // it, by its pom.properties.
    if (rows[row][0].starts_with("netty-common-")) {
      truth.insert("org.jctools:jctools-core:2.1.1");
    }
    EXPECT_EQ(Coordinates(directory + rows[row][0]), truth) << rows[row][0];
  }
}

TEST_F(JavaCorpusTest, FatJarsAndWarsHaveAllThatIsInThem) {
  const std::set<std::string> demo = {
      "com.example:demo:0.0.1-SNAPSHOT",
      "com.fasterxml.jackson.core:jackson-databind:2.9.10",
      "org.apache.logging.log4j:log4j-api:2.14.1",
      "org.apache.logging.log4j:log4j-core:2.14.1",
      "org.springframework:spring-beans:5.3.17",
      "org.springframework:spring-core:5.3.17",
      "org.springframework:spring-webmvc:5.3.17",
      "org.yaml:snakeyaml:1.26"};
  const std::string fat = lang_ + "registry/java/fat/";
  EXPECT_EQ(Coordinates(fat + "demo-0.0.1-SNAPSHOT.jar"), demo);
  std::set<std::string> war = demo;
  war.insert("org.apache.struts:struts2-core:2.3.31");
  EXPECT_EQ(Coordinates(fat + "app.war"), war);
}

// Where another scanner's expectation differs: it asked a database of jars'
// checksums, or its test did.
const std::map<std::string, std::set<std::string>>& Differences() {
  static const auto& differences =
      *new std::map<std::string, std::set<std::string>>{
          // Its group comes from a search for the artifact's name.
          {"heuristic-1.0.0-SNAPSHOT.jar", {"heuristic:1.0.0-SNAPSHOT"}},
          // Spring 2.5.6, renamed to test.jar: its manifest has a title for
          // people and a bundle's name that is not the artifact's.
          {"test.jar", {}},
      };
  return differences;
}

TEST_F(JavaCorpusTest, ExpectedListsComeOut) {
  for (const char* list :
       {"expected/trivy-parser.tsv", "expected/trivy-analyzer.tsv"}) {
    std::map<std::string, std::set<std::string>> expected;
    for (const auto& row : ReadTsv(lang_ + list)) {
      if (row.size() < 3 || row[0].starts_with("ABSENT") ||
          row[0].find("/java/jar/") == std::string::npos) {
        continue;
      }
      expected[row[0].substr(5)].insert(row[1] + ":" + row[2]);
    }
    EXPECT_GE(expected.size(), 3u);
    for (auto& [path, coordinates] : expected) {
      const std::string file = path.substr(path.rfind('/') + 1);
      const auto difference = Differences().find(file);
      if (path.starts_with("trivy-parser") &&
          difference != Differences().end()) {
        coordinates = difference->second;
      }
      EXPECT_EQ(Coordinates(lang_ + path), coordinates) << path;
    }
  }
}

TEST_F(JavaCorpusTest, DamagedArchivesEndInAnExtract) {
  const std::string path = lang_ + "registry/java/fat/app.war";
  EXPECT_GT(
      extract::testing::ExtractFromDamaged(Java(), "app.war", ReadFile(path)),
      0);
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
