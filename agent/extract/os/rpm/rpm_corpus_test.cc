#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "agent/extract/os/rpm/rpm.h"
#include "agent/extract/ownership.h"
#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

using extract::testing::Corpus;
using extract::testing::Extract;
using extract::testing::ExtractFromDamaged;
using extract::testing::ReadFile;
using extract::testing::ReadTsv;
using ::testing::UnorderedElementsAreArray;

// A database of the corpus and the list, by rpm -qa, of what is in it.
struct Database {
  const char* file;
  const char* list;
};
constexpr Database kDatabases[] = {
    {"go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite", "CBLMariner2"},
    {"go-rpmdb/sle15-bci/Packages.db", "SLE15WithNDB"},
    {"osquery/rpm-bdb/Packages", "osquery-bdb"},
    {"osquery/rpm-sqlite/rpmdb.sqlite", "osquery-sqlite"},
    {"made/centos5/Packages", "CentOS5Plain"},
    {"made/centos6/Packages", "CentOS6Plain"},
    {"made/centos7/Packages", "CentOS7Plain"},
    {"made/centos8-modules/Packages", "CentOS8Modularitylabel"},
    {"made/ubi8-s390x-bigendian/Packages", "UBI8s390x"},
    {"made/sle15/Packages.db", "SLE15WithNDB"},
    {"made/fedora35/rpmdb.sqlite", "Fedora35WithSQLite3"},
    {"made/rocky9/rpmdb.sqlite", "Rockylinux9WithSQLite3"},
    {"made/mariner2-realheaders-bdb/Packages", "CBLMariner2"},
    {"made/mariner2-realheaders-ndb/Packages.db", "CBLMariner2"},
    {"made/sle15-realheaders-bdb/Packages", "SLE15WithNDB"},
    {"made/sle15-realheaders-sqlite/rpmdb.sqlite", "SLE15WithNDB"},
};

// "name version architecture sourcerpm module vendor licence"
std::vector<std::string> ExpectedLines(const std::string& list) {
  const auto rows = ReadTsv(list);
  const auto& titles = rows.front();
  std::vector<std::string> lines;
  for (size_t i = 1; i < rows.size(); ++i) {
    const auto cell = [&](const char* title) {
      const auto at = std::find(titles.begin(), titles.end(), title);
      const auto column = static_cast<size_t>(at - titles.begin());
      return column < rows[i].size() ? rows[i][column] : std::string();
    };
    const std::string epoch = cell("epoch");
    std::string source = cell("sourcerpm");
    source = source.substr(0, source.rfind(".src.rpm"));
    lines.push_back(
        cell("name") + " " +
        (epoch.empty() || epoch == "0" ? "" : epoch + ":") + cell("version") +
        "-" + cell("release") + " " + cell("arch") + " " + source + " " +
        cell("modularitylabel") + " " + cell("vendor") + " " + cell("license"));
  }
  return lines;
}

std::vector<std::string> FoundLines(const model::Packages& packages) {
  std::vector<std::string> lines;
  for (const model::Package& package : packages) {
    const std::string source =
        package.source_name.empty()
            ? ""
            : package.source_name + "-" + package.source_version;
    lines.push_back(package.name + " " + package.version + " " +
                    package.architecture + " " + source + " " + package.module +
                    " " + package.vendor + " " +
                    (package.licenses.empty() ? "" : package.licenses[0]));
  }
  return lines;
}

class RpmCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Corpus().has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
    folder_ = *Corpus() + "/pkgdb/rpm/";
  }
  std::string folder_;
};

TEST_F(RpmCorpusTest, EveryDatabaseComesOutAsRpmHasIt) {
  for (const Database& database : kDatabases) {
    const auto expected =
        ExpectedLines(folder_ + "expected/" + database.list + ".tsv");
    ASSERT_FALSE(expected.empty());
    const auto extract = Extract(Rpm(), "var/lib/rpm/Packages",
                                 ReadFile(folder_ + database.file));
    EXPECT_EQ(extract.problem, "") << database.file;
    EXPECT_THAT(FoundLines(extract.packages),
                UnorderedElementsAreArray(expected))
        << database.file;
  }
}

TEST_F(RpmCorpusTest, SmallRealDatabasesComeOut) {
  const auto names = [&](const char* file) {
    const auto extract =
        Extract(Rpm(), "var/lib/rpm/Packages", ReadFile(folder_ + file));
    EXPECT_EQ(extract.problem, "") << file;
    std::vector<std::string> result;
    for (const auto& package : extract.packages) {
      result.push_back(package.name + "-" + package.version);
    }
    return result;
  };
  EXPECT_THAT(names("go-rpmdb/libuuid/Packages"),
              ::testing::ElementsAre("libuuid-2.32.1-42.el8_8"));
  EXPECT_EQ(names("osquery/rpm-ndb/Packages.db").size(), 3u);
  EXPECT_EQ(names("syft/Packages").size(), 1u);
}

TEST_F(RpmCorpusTest, DamagedRealDatabasesEndInAnExtract) {
  for (const char* file :
       {"osquery/rpm-bdb/Packages", "osquery/rpm-ndb/Packages.db",
        "osquery/rpm-sqlite/rpmdb.sqlite"}) {
    const int problems = ExtractFromDamaged(Rpm(), "var/lib/rpm/Packages",
                                            ReadFile(folder_ + file));
    EXPECT_GT(problems, 40) << file;
  }
}

TEST(RpmOwnershipTest, FilesOfRealDatabasesComeOutAsRpmHasThem) {
  if (!Corpus().has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  if (!extract::testing::HaveTool("rpm")) GTEST_SKIP() << "rpm is missing";
  for (const char* file : {"go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite",
                           "osquery/rpm-sqlite/rpmdb.sqlite"}) {
    const std::string bytes = ReadFile(*Corpus() + "/pkgdb/rpm/" + file);
    const extract::testing::TempDir temp;
    extract::testing::WriteFile(temp.path() + "/rpmdb.sqlite", bytes);
    std::vector<std::string> expected;
    const std::string paths = extract::testing::RunCommand(
        "rpm --define '_db_backend sqlite' --dbpath " + temp.path() +
        " -qa --qf '[%{FILENAMES}\n]'");
    for (std::string_view path : base::Split(paths, '\n')) {
      if (path.starts_with("/")) path.remove_prefix(1);
      if (MayTellOfSoftware(path)) expected.emplace_back(path);
    }
    std::sort(expected.begin(), expected.end());
    expected.erase(std::unique(expected.begin(), expected.end()),
                   expected.end());
    const auto extract = Extract(Rpm(), "var/lib/rpm/rpmdb.sqlite", bytes);
    EXPECT_GT(expected.size(), 10u) << file;
    EXPECT_EQ(extract.owned_files, expected) << file;
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
