#include "analyzer/match/match.h"

#include <map>
#include <string>
#include <tuple>

#include "analyzer/match/print.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"

namespace landwaiter::analyzer::match {
namespace {

using landwaiter::testing::HaveTool;
using landwaiter::testing::ReadTsv;
using landwaiter::testing::RunCommand;
using landwaiter::testing::TempDir;
using landwaiter::testing::WriteFile;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kInventory[] = R"({
  "image": {"reference": "app:1", "platform": "linux/amd64"},
  "os": {"id": "alpine", "versionId": "3.18.4"},
  "packages": [
    {"type": "apk", "name": "libssl3", "version": "3.1.3-r0",
     "sourceName": "openssl", "sourceVersion": "3.1.3-r0",
     "path": "lib/apk/db/installed",
     "layer": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"type": "apk", "name": "musl", "version": "1.2.4-r1",
     "sourceName": "musl", "path": "lib/apk/db/installed"}],
  "problems": ["var/lib/dpkg/status: truncated"]})";

std::string AlpineRecord(const std::string& id, const std::string& package,
                         const std::string& events,
                         const std::string& severity) {
  return R"({"id": ")" + id + R"(", "summary": "about )" + package +
         R"(", "database_specific": {"severity": ")" + severity +
         R"("}, "affected": [{"package": {"ecosystem": "Alpine:v3.18",
         "name": ")" +
         package + R"("}, "ranges": [{"type": "ECOSYSTEM", "events": [)" +
         events + "]}]}]}";
}

class MatchTest : public ::testing::Test {
 protected:
  MatchTest() {
    WriteFile(Path("inventory.json"), kInventory);
    WriteFile(Path("feed/1.json"),
              AlpineRecord("ALPINE-CVE-2023-1", "openssl",
                           R"({"introduced": "0"}, {"fixed": "3.1.4-r0"})",
                           "MODERATE"));
    WriteFile(Path("feed/2.json"),
              AlpineRecord("ALPINE-CVE-2023-2", "musl",
                           R"({"introduced": "0"})", "CRITICAL"));
    options_.inventory = Path("inventory.json");
    options_.advisories = {Path("feed")};
    options_.cache_directory = Path("cache");
  }
  std::string Path(const std::string& name) { return dir_.path() + "/" + name; }

  nlohmann::json Json() {
    const auto result = Match(options_);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? nlohmann::json::parse(ToJson(*result))
                       : nlohmann::json();
  }

  TempDir dir_;
  MatchOptions options_;
};

TEST_F(MatchTest, TheJsonHasWhatIsPromisedWorstFirst) {
  const nlohmann::json json = Json();
  EXPECT_EQ(json["ecosystem"], "Alpine:v3.18");
  EXPECT_EQ(json["noAdvisoryData"], false);
  EXPECT_EQ(json["os"]["id"], "alpine");
  EXPECT_EQ(json["summary"]["systemVulnerabilities"]["critical"], 1);
  EXPECT_EQ(json["problems"][0], "var/lib/dpkg/status: truncated");
  ASSERT_EQ(json["findings"].size(), 2u);
  EXPECT_EQ(json["findings"][0]["advisory"], "ALPINE-CVE-2023-2");
  EXPECT_FALSE(json["findings"][0].contains("fixedVersion"));
  EXPECT_FALSE(json["findings"][0].contains("fixCommand"));
  const nlohmann::json expected = {
      {"id", "CVE-2023-1"},
      {"category", "System"},
      {"advisory", "ALPINE-CVE-2023-1"},
      {"aliases", nlohmann::json::array()},
      {"package", "libssl3"},
      {"sourcePackage", "openssl"},
      {"type", "apk"},
      {"installedVersion", "3.1.3-r0"},
      {"path", "lib/apk/db/installed"},
      {"severity", "Medium"},
      {"severitySource", "osv"},
      {"priority", 23},
      {"state", "Affected"},
      {"summary", "about openssl"},
      {"fixedVersion", "3.1.4-r0"},
      {"fixCommand", "apk add --upgrade 'libssl3>=3.1.4-r0'"},
      {"impact", "patch version step, 3.1.3 to 3.1.4; restart what speaks TLS"},
      {"why",
       {{"feed", "osv"},
        {"range", "introduced 0, fixed 3.1.4-r0"},
        {"database", json["advisories"]["version"]},
        {"layer", "sha256:" + std::string(64, 'a')}}}};
  EXPECT_EQ(json["findings"][1], expected);
}

TEST_F(MatchTest, TheTableNamesEveryFindingAndCountsThem) {
  const auto result = Match(options_);
  ASSERT_TRUE(result.ok()) << result.status();
  const std::string table = ToTable(*result);
  EXPECT_THAT(table, HasSubstr("CVE-2023-1"));
  EXPECT_THAT(table, HasSubstr("2 packages, 2 findings (advisories"));
  EXPECT_THAT(table, HasSubstr("system Alpine:v3.18: 1 critical"));
  EXPECT_THAT(table, HasSubstr("  apk add --upgrade 'libssl3>=3.1.4-r0'"));
  EXPECT_THAT(table, HasSubstr("problem: var/lib/dpkg/status: truncated"));
}

TEST_F(MatchTest, ASystemWithoutAdvisoriesIsNamed) {
  WriteFile(Path("inventory.json"),
            R"({"os": {"id": "debian", "versionId": "12"}, "packages": []})");
  const auto result = Match(options_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(ToTable(*result),
              HasSubstr("NoAdvisoryData: there are no advisories for "
                        "Debian:12"));
  EXPECT_EQ(Json()["noAdvisoryData"], true);
}

TEST_F(MatchTest, TerminalsAreNotWrittenToByHostileNames) {
  std::string inventory = kInventory;
  const std::string name = "\"libssl3\"";
  inventory.replace(inventory.find(name), name.size(), R"("\u001b[2Jlib")");
  WriteFile(Path("inventory.json"), inventory);
  const auto result = Match(options_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(ToTable(*result), Not(HasSubstr("\x1b")));
}

TEST_F(MatchTest, WhatCannotBeReadIsAnError) {
  options_.inventory = Path("nowhere.json");
  EXPECT_EQ(Match(options_).status().code(), absl::StatusCode::kNotFound);
  options_.inventory = Path("inventory.json");
  options_.advisories = {Path("nowhere")};
  EXPECT_EQ(Match(options_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

struct Feed {
  const char* name;
  const char* kind;
  const char* folder;
  const char* ecosystem;
  const char* packages;
  size_t findings;  // at least: so that an empty feed is no agreement
};

class MatchOracleTest : public ::testing::TestWithParam<Feed> {};

// testdata/oracle.py matches in another way, and has dpkg and rpm compare.
TEST_P(MatchOracleTest, AnIndependentMatcherFindsTheSame) {
  const auto corpus = landwaiter::testing::Corpus();
  if (!corpus) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  if (!HaveTool("python3") || !HaveTool("dpkg") || !HaveTool("rpm")) {
    GTEST_SKIP() << "python3, dpkg or rpm is not installed";
  }
  const Feed& feed = GetParam();
  const TempDir dir;
  const std::string zip = *corpus + "/vulndb/osv/" + feed.folder + "/all.zip";
  RunCommand(base::StrCat("python3 testdata/oracle.py ", feed.kind, " ", zip,
                          " ", feed.ecosystem, " ", *corpus, "/pkgdb/",
                          feed.packages, " ", dir.path()));
  const auto result = Match({.inventory = dir.path() + "/inventory.json",
                             .advisories = {zip},
                             .cache_directory = dir.path()});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->detection.ecosystem, feed.ecosystem);

  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, std::string> expected, found;
  landwaiter::testing::WriteFile(
      dir.path() + "/titled.tsv",
      "titles\n" + landwaiter::testing::ReadFile(dir.path() + "/expected.tsv"));
  for (const auto& row : ReadTsv(dir.path() + "/titled.tsv")) {
    expected[{row.at(0), row.at(1), row.at(2)}] = row.at(3);
  }
  for (const model::Finding& f : result->detection.findings) {
    const Key key{f.id, f.package, f.installed_version};
    const auto it = expected.find(key);
    // "*": any of several builds is right, though there must be one.
    const bool any =
        it != expected.end() && it->second == "*" && !f.fixed_version.empty();
    found[key] = any ? "*" : f.fixed_version;
  }
  EXPECT_GE(expected.size(), feed.findings);
  EXPECT_EQ(found, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Feeds, MatchOracleTest,
    ::testing::Values(Feed{"Debian", "deb", "Debian-DSA-DLA", "Debian:11",
                           "dpkg/debian12-machine/TRUTH.tsv", 80},
                      Feed{"Ubuntu", "deb", "Ubuntu", "Ubuntu:18.04:LTS",
                           "dpkg/debian12-machine/TRUTH.tsv", 1500},
                      Feed{"AlmaLinux", "rpm", "AlmaLinux", "AlmaLinux:8",
                           "rpm/expected/CentOS8Modularitylabel.tsv", 1100}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace landwaiter::analyzer::match
