// All extractors on all lists of what another scanner finds in real files, with
// a score for each file. What we answer otherwise, on purpose, is in a table;
// docs/extractors.md has the reasons.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/extract/catalog.h"
#include "agent/extract/corpus_differences.h"
#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract {
namespace {

using testing::Corpus;
using testing::ReadFile;
using testing::ReadTsv;

// Where in an image a file of the corpus would be; the first row whose part is
// in the file's name counts. A path that ends with a slash gets the file's own
// name.
struct Place {
  std::string_view part;
  std::string_view path;
};
constexpr Place kPlaces[] = {
    {"c/conan/", "app/conan.lock"},
    {"conda/environment/", "app/environment.yml"},
    {"conda/meta/", "opt/conda/conda-meta/"},
    {"dart/pub/", "app/pubspec.lock"},
    {"golang/mod/", "app/go.mod"},
    {"gradle/lockfile/", "app/gradle.lockfile"},
    {"mix.lock", "app/mix.lock"},
    {"julia/", "app/Manifest.toml"},
    {"nodejs/bun/", "app/bun.lock"},
    {"nodejs/npm/", "app/package-lock.json"},
    {"nodejs/pnpm/", "app/pnpm-lock.yaml"},
    {"nodejs/yarn/", "app/yarn.lock"},
    {"nodejs/pkg/", "app/node_modules/a/package.json"},
    {"nuget/config/", "app/packages.config"},
    {"nuget/lock/", "app/packages.lock.json"},
    {"packagesprops/", "app/Directory.Packages.props"},
    {"composer-vendor/", "app/vendor/composer/installed.json"},
    {"php/composer/", "app/composer.lock"},
    {".METADATA", "lib/site-packages/a.dist-info/METADATA"},
    {"egg-info", "lib/site-packages/a.egg-info/PKG-INFO"},
    {"python/pip/", "app/requirements.txt"},
    {"python/pipenv/", "app/Pipfile.lock"},
    {"python/poetry/", "app/poetry.lock"},
    {"python/pylock/", "app/pylock.toml"},
    {"python/uv/", "app/uv.lock"},
    {"ruby/bundler/", "app/Gemfile.lock"},
    {"gemspec/", "usr/lib/ruby/specifications/"},
    {"rust/cargo/", "app/Cargo.lock"},
    {"sbt", "app/build.sbt.lock"},
    {"swift/cocoapods/", "app/Podfile.lock"},
    {"swift/swift/", "app/Package.resolved"},
    {"pkgdb/trivy/apk/", "lib/apk/db/installed"},
    {"java/pom/", "app/"},
    {"", "app/"},
};

std::string PlaceOf(std::string_view fixture) {
  for (const Place& place : kPlaces) {
    if (!base::Contains(fixture, place.part)) continue;
    std::string path(place.path);
    if (path.ends_with('/')) path += fixture.substr(fixture.rfind('/') + 1);
    return path;
  }
  return {};
}

// The file's bytes; of a bundle of files (txtar) those of its Cargo.lock.
std::string BytesOf(const std::string& fixture) {
  std::string bytes = ReadFile(base::StrCat(*Corpus(), "/", fixture));
  if (!fixture.ends_with(".txtar")) return bytes;
  const std::string_view kTitle = "-- Cargo.lock --\n";
  const size_t start = bytes.find(kTitle);
  if (start == bytes.npos) return {};
  const size_t end = bytes.find("\n-- ", start + kTitle.size());
  return bytes.substr(start + kTitle.size(),
                      end == bytes.npos ? end : end - start - kTitle.size());
}

struct Score {
  size_t expected = 0;
  std::vector<std::string> missing;
  std::vector<std::string> more;
};

// The spelling in which rows are compared: Python's names as PEP 503 has them.
std::string Row(std::string_view path, std::string_view name,
                std::string_view version) {
  std::string row(name);
  if (base::Contains(path, "site-packages/") ||
      base::Contains(path, "requirements") || path.ends_with("Pipfile.lock") ||
      path.ends_with("poetry.lock") || path.ends_with("uv.lock") ||
      path.ends_with("pylock.toml") || path.ends_with(".egg")) {
    row = base::ToLower(row);
    std::replace(row.begin(), row.end(), '_', '-');
    std::replace(row.begin(), row.end(), '.', '-');
  }
  return base::StrCat(row, " ", version);
}

class CorpusScoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Corpus().has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  }

  // "lang/trivy-parser/...": "name version" of each row that is expected.
  static std::map<std::string, std::vector<std::vector<std::string>>> Lists() {
    std::map<std::string, std::vector<std::vector<std::string>>> lists;
    for (const char* list : {"trivy-parser", "trivy-analyzer"}) {
      const auto table =
          ReadTsv(base::StrCat(*Corpus(), "/lang/expected/", list, ".tsv"));
      for (size_t i = 1; i < table.size(); ++i) {
        if (table[i][0].starts_with("ABSENT:") ||
            !std::filesystem::exists(*Corpus() + "/" + table[i][0])) {
          continue;
        }
        auto& rows = lists[table[i][0]];
        if (table[i][1] != "(none)") rows.push_back(table[i]);
      }
    }
    return lists;
  }

  Score ScoreOf(const std::string& fixture,
                const std::vector<std::vector<std::string>>& rows) const {
    const std::string path = PlaceOf(fixture);
    std::set<std::string> expected;
    for (const auto& row : rows) expected.insert(Row(path, row[1], row[2]));
    std::set<std::string> actual;
    for (const auto& extractor : extractors_) {
      if (!extractor->Wants(path)) continue;
      const auto extract = testing::Extract(*extractor, path, BytesOf(fixture));
      for (const auto& package : extract.packages) {
        actual.insert(Row(path, package.name, package.version));
      }
      break;
    }
    Score score{.expected = expected.size()};
    std::set_difference(expected.begin(), expected.end(), actual.begin(),
                        actual.end(), std::back_inserter(score.missing));
    std::set_difference(actual.begin(), actual.end(), expected.begin(),
                        expected.end(), std::back_inserter(score.more));
    return score;
  }

 private:
  const std::vector<std::unique_ptr<Extractor>> extractors_ = AllExtractors();
};

Difference DifferenceOf(std::string_view fixture) {
  for (const Difference& difference : kDifferences) {
    if (fixture.ends_with(difference.fixture)) return difference;
  }
  return {};
}

std::string Text(const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) base::StrAppend(&text, " [", row, "]");
  return text;
}

TEST_F(CorpusScoreTest, EveryListComesOutButForWhatIsOtherwiseOnPurpose) {
  size_t files = 0;
  size_t exact = 0;
  size_t expected = 0;
  size_t found = 0;
  for (const auto& [fixture, rows] : Lists()) {
    const Score score = ScoreOf(fixture, rows);
    const Difference difference = DifferenceOf(fixture);
    EXPECT_EQ(score.missing.size(), difference.missing)
        << fixture << " lacks" << Text(score.missing);
    EXPECT_EQ(score.more.size(), difference.more)
        << fixture << " has" << Text(score.more);
    ++files;
    if (score.missing.empty() && score.more.empty()) ++exact;
    expected += score.expected;
    found += score.expected - score.missing.size();
    std::cout << "score " << score.expected - score.missing.size() << "/"
              << score.expected << " +" << score.more.size() << "  " << fixture
              << (difference.reason.empty() ? "" : "  (") << difference.reason
              << (difference.reason.empty() ? "" : ")") << "\n";
  }
  std::cout << "score of all: " << exact << " of " << files
            << " files exactly, " << found << " of " << expected << " rows\n";
  EXPECT_GT(files, 100u);
}

}  // namespace
}  // namespace landwaiter::agent::extract
