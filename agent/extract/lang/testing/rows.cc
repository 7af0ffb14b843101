#include "agent/extract/lang/testing/rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang::testing {
namespace {

using extract::testing::Corpus;
using extract::testing::ReadFile;
using extract::testing::ReadTsv;

std::string Row(std::string_view name, std::string_view version,
                bool development) {
  return base::StrCat(name, " ", version, development ? " dev" : "");
}

// fixture, name, version, arch, epoch, dev, relationship
std::set<std::string> ExpectedRows(
    const std::vector<std::vector<std::string>>& table,
    const std::string& fixture, const CorpusFile& file) {
  std::set<std::string> rows;
  for (const auto& cells : table) {
    if (cells[0] != fixture || cells[1] == "(none)") continue;
    const std::string name =
        file.normalize != nullptr ? file.normalize(cells[1]) : cells[1];
    rows.insert(
        Row(name, cells[2],
            file.development == Development::kCompared && cells[5] == "dev"));
  }
  return rows;
}

void ExpectFile(const Extractor& extractor, const std::string& bytes,
                const CorpusFile& file, std::set<std::string> expected) {
  EXPECT_TRUE(extractor.Wants(file.path)) << file.path;
  const auto extract = extract::testing::Extract(extractor, file.path, bytes);
  std::set<std::string> actual;
  for (const auto& package : extract.packages) {
    if (package.development && file.development == Development::kLeftOut) {
      continue;
    }
    actual.insert(
        Row(package.name, package.version,
            package.development && file.development == Development::kCompared));
  }
  for (const Otherwise& otherwise : file.otherwise) {
    const std::string row(otherwise.row.substr(1));
    auto& rows = otherwise.row[0] == '-' ? expected : actual;
    EXPECT_EQ(rows.erase(row), 1u)
        << otherwise.row << " (" << otherwise.reason << ") is no difference";
  }
  EXPECT_EQ(actual, expected) << file.fixture;
  EXPECT_EQ(extract.problem, "") << file.fixture;
}

}  // namespace

std::vector<std::string> Rows(const model::FileExtract& extract) {
  std::vector<std::string> rows;
  for (const auto& package : extract.packages) {
    rows.push_back(Row(package.name, package.version, package.development));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<std::string> RowsOf(const Extractor& extractor,
                                std::string_view path, std::string_view text) {
  EXPECT_TRUE(extractor.Wants(path)) << path;
  const auto extract = extract::testing::Extract(extractor, path, text);
  EXPECT_EQ(extract.problem, "");
  return Rows(extract);
}

void ExpectCorpus(const Extractor& extractor, std::string_view list,
                  const std::vector<CorpusFile>& files) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const auto table =
      ReadTsv(base::StrCat(*corpus, "/lang/expected/", list, ".tsv"));
  for (const CorpusFile& file : files) {
    const std::string fixture = base::StrCat("lang/", list, "/", file.fixture);
    ExpectFile(extractor, ReadFile(base::StrCat(*corpus, "/", fixture)), file,
               ExpectedRows(table, fixture, file));
  }
}

}  // namespace landwaiter::agent::extract::lang::testing
