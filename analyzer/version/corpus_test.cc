// Every comparison of the corpus, but for those left out by name.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "analyzer/version/alpm.h"
#include "analyzer/version/apk.h"
#include "analyzer/version/components.h"
#include "analyzer/version/conan.h"
#include "analyzer/version/dpkg.h"
#include "analyzer/version/maven.h"
#include "analyzer/version/nuget.h"
#include "analyzer/version/openssl.h"
#include "analyzer/version/ordering_matchers.h"
#include "analyzer/version/packagist.h"
#include "analyzer/version/pep440.h"
#include "analyzer/version/pub.h"
#include "analyzer/version/rpm.h"
#include "analyzer/version/rubygems.h"
#include "analyzer/version/semver.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"

namespace landwaiter::analyzer::version {
namespace {

using Pair = std::pair<std::string, std::string>;

struct Table {
  const char* file;
  Compare compare;
  size_t rows;  // at least; a file that shrinks is no success
  std::set<Pair> left_out;
};

const Table kTables[] = {
    {"osv/debian.tsv", CompareDpkg, 30, {}},
    {"osv/debian-generated.tsv", CompareDpkg, 14000, {}},
    {"rpm-rpmvercmp.at.tsv", CompareRpmSegments, 90, {}},
    {"claircore/rpmvercmp.tsv", CompareRpmSegments, 110, {}},
    {"osv/redhat.tsv", CompareRpm, 160, {}},
    // These two compare package names too, which is not the ordering's part.
    {"claircore/rpm-nevra.tsv",
     CompareRpm,
     10,
     {{"fonts-filesystem-0:2.0.5-12.fc39.noarch",
       "fonts-filesystem-2.0.5-12.fc39.noarch"},
      {"a-1-1", "1-1"}}},
    {"apk-version.data.tsv", CompareApk, 700, {}},
    {"univers/alpine.tsv", CompareApk, 700, {}},
    // Neither side of these is a version; apk-tools 3 refuses what 2 takes.
    {"osv/alpine.tsv",
     CompareApk,
     770,
     {{"0.r1", "0r2"}, {"0.8.21.r2", "0.8.21r2"}}},
    {"osv/alpine-generated.tsv", CompareApk, 13000, {}},
    {"univers/alpm.tsv", CompareAlpm, 40, {}},
    {"univers/conan.tsv", CompareConan, 40, {}},
    {"osv/cran.tsv", CompareCran, 20, {}},
    {"osv/cran-generated.tsv", CompareCran, 50, {}},
    {"osv/hackage.tsv", CompareHackage, 10, {}},
    {"claircore/maven.tsv", CompareMaven, 80, {}},
    {"univers/maven.tsv", CompareMaven, 900, {}},
    {"osv/maven.tsv", CompareMaven, 100, {}},
    {"osv/maven-generated.tsv", CompareMaven, 14000, {}},
    {"osv/nuget.tsv", CompareNuget, 30, {}},
    {"univers/nuget.tsv", CompareNuget, 20, {}},
    {"univers/openssl.tsv", CompareOpenssl, 40, {}},
    // PHP finds the two equal, and each of them equal to others that it does
    // not find equal: no order could.
    {"osv/packagist.tsv", ComparePackagist, 90, {{"1.2.3.#", "1.2.3.1"}}},
    {"osv/packagist-generated.tsv", ComparePackagist, 10000, {}},
    {"osv/pub.tsv", ComparePub, 100, {}},
    {"osv/pypi.tsv", ComparePep440, 30, {}},
    {"osv/pypi-generated.tsv", ComparePep440, 12000, {}},
    {"osv/rubygems.tsv", CompareRubygems, 20, {}},
    {"osv/rubygems-generated.tsv", CompareRubygems, 4000, {}},
    {"osv/semver.tsv", CompareSemver, 80, {}},
};

// Whether "<", "=" or ">" is what the table's operator says.
bool Satisfies(const std::string& relation, const std::string& op) {
  if (op == "!=") return relation == "<" || relation == ">";
  return op.find(relation) != op.npos;
}

class VersionCorpusTest : public ::testing::TestWithParam<Table> {};

TEST_P(VersionCorpusTest, EveryRowAgrees) {
  const auto corpus = landwaiter::testing::Corpus();
  if (!corpus) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const Table& table = GetParam();
  const auto rows =
      landwaiter::testing::ReadTsv(*corpus + "/vercmp/" + table.file);
  EXPECT_GE(rows.size(), table.rows);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 3u);
    if (table.left_out.contains({row[0], row[2]})) continue;
    const std::string relation = Relation(table.compare, row[0], row[2]);
    EXPECT_TRUE(Satisfies(relation, row[1]))
        << row[0] << " " << row[1] << " " << row[2] << ", not " << relation;
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, VersionCorpusTest,
                         ::testing::ValuesIn(kTables), [](const auto& test) {
                           std::string name = test.param.file;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return !std::isalnum(c); }, '_');
                           return name;
                         });

}  // namespace
}  // namespace landwaiter::analyzer::version
