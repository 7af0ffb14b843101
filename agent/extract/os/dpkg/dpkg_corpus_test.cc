#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/extract/os/dpkg/dpkg.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::os {
namespace {

using ::landwaiter::agent::extract::testing::Corpus;
using ::landwaiter::agent::extract::testing::Extract;
using ::landwaiter::agent::extract::testing::FilesBelow;
using ::landwaiter::agent::extract::testing::Lines;
using ::landwaiter::agent::extract::testing::ReadFile;
using ::landwaiter::agent::extract::testing::ReadTsv;

class DpkgCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Corpus().has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
    folder_ = *Corpus() + "/pkgdb/";
  }
  std::string folder_;
};

TEST_F(DpkgCorpusTest, ARealMachineComesOutAsDpkgQueryHasIt) {
  std::vector<std::string> expected;
  const auto rows = ReadTsv(folder_ + "dpkg/debian12-machine/TRUTH.tsv");
  for (size_t i = 1; i < rows.size(); ++i) {
    const auto& row = rows[i];
    ASSERT_GE(row.size(), 6u);
    // The column is dpkg-query's binary:Package, "zlib1g:amd64".
    const std::string name = row[1].substr(0, row[1].find(':'));
    expected.push_back(name + " " + row[2] + " " + row[5] + " " + row[3] + " " +
                       row[4]);
  }
  const auto extract =
      Extract(Dpkg(), "var/lib/dpkg/status",
              ReadFile(folder_ + "dpkg/debian12-machine/var/lib/dpkg/status"));
  EXPECT_EQ(extract.problem, "");
  EXPECT_EQ(extract.packages.size(), 786u);
  EXPECT_THAT(Lines(extract.packages),
              ::testing::UnorderedElementsAreArray(expected));
}

TEST_F(DpkgCorpusTest, DistrolessFilesGiveAPackageEach) {
  const std::string root = folder_ + "dpkg/distroless-style/";
  int files = 0;
  for (const std::string& path : FilesBelow(root)) {
    if (!Dpkg().Wants(path)) continue;
    const auto extract = Extract(Dpkg(), path, ReadFile(root + path));
    EXPECT_EQ(extract.problem, "") << path;
    ASSERT_EQ(extract.packages.size(), 1u) << path;
    EXPECT_TRUE(path.ends_with("/" + extract.packages[0].name)) << path;
    ++files;
  }
  EXPECT_EQ(files, 12);
}

TEST_F(DpkgCorpusTest, OddFilesSayWhatIsWrong) {
  const std::string dir = folder_ + "syft/debian/var/lib/dpkg/status.d/";
  const auto read = [&](const char* file) {
    return Extract(Dpkg(), std::string("var/lib/dpkg/status.d/") + file,
                   ReadFile(dir + file));
  };
  EXPECT_NE(read("corrupt").problem, "");
  EXPECT_NE(read("empty").problem, "");
  const auto multiple = read("multiple");
  EXPECT_NE(multiple.problem, "");
  EXPECT_EQ(multiple.packages.size(), 2u);
  const auto removed = read("deinstall");
  EXPECT_EQ(removed.problem, "");
  EXPECT_EQ(removed.packages.size(), 1u);
}

TEST_F(DpkgCorpusTest, OtherScannersSamplesAreRead) {
  const std::string dir = folder_ + "claircore/dpkg/testdata/";
  for (const std::string& file : FilesBelow(dir)) {
    const auto extract =
        Extract(Dpkg(), "var/lib/dpkg/status", ReadFile(dir + file));
    // vcpkg writes stanzas of its own, some without a version.
    EXPECT_EQ(extract.problem.empty(), file != "vcpkg.status") << file;
    EXPECT_FALSE(extract.packages.empty()) << file;
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
