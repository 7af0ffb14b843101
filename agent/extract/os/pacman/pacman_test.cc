#include "agent/extract/os/pacman/pacman.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::os {
namespace {

using ::landwaiter::agent::extract::testing::Corpus;
using ::landwaiter::agent::extract::testing::Extract;
using ::landwaiter::agent::extract::testing::Lines;
using ::landwaiter::agent::extract::testing::ReadFile;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kDesc[] = "var/lib/pacman/local/zlib-1:1.3.1-2/desc";
constexpr char kFiles[] = "var/lib/pacman/local/zlib-1:1.3.1-2/files";

// As pacman 6 writes it: sections without a value are left out.
constexpr char kDescription[] =
    "%NAME%\npython-wheel\n\n"
    "%VERSION%\n1:0.45.1-2\n\n"
    "%BASE%\nwheel\n\n"
    "%DESC%\nA title like %NAME% within a value\n\n"
    "%URL%\nhttps://example.org/\n\n"
    "%ARCH%\nany\n\n"
    "%BUILDDATE%\n1706466411\n\n"
    "%INSTALLDATE%\n1708000000\n\n"
    "%PACKAGER%\nSome One <some@example.org>\n\n"
    "%SIZE%\n219163\n\n"
    "%REASON%\n1\n\n"
    "%LICENSE%\nMIT\nZlib\n\n"
    "%VALIDATION%\npgp\n\n"
    "%DEPENDS%\npython\n\n"
    "%XDATA%\npkgtype=split\n\n";

TEST(PacmanTest, ADescriptionIsAPackageWithEpochAndBase) {
  const auto extract = Extract(Pacman(), kDesc, kDescription);
  EXPECT_THAT(Lines(extract.packages),
              ElementsAre("python-wheel 1:0.45.1-2 any wheel 1:0.45.1-2"));
  EXPECT_EQ(extract.packages[0].type, "alpm");
  EXPECT_EQ(extract.packages[0].vendor, "Some One <some@example.org>");
  EXPECT_THAT(extract.packages[0].licenses, ElementsAre("MIT", "Zlib"));
  EXPECT_EQ(extract.problem, "");
}

TEST(PacmanTest, APackageWithoutABaseIsItsOwnSource) {
  EXPECT_THAT(
      Lines(Extract(Pacman(), kDesc, "%NAME%\na\n\n%VERSION%\n1-1\n").packages),
      ElementsAre("a 1-1  a 1-1"));
}

TEST(PacmanTest, FilesOfAPackageAreOwned) {
  const auto extract =
      Extract(Pacman(), kFiles,
              "%FILES%\nusr/\nusr/bin/\nusr/bin/wheel\n"
              "usr/lib/python3.11/site-packages/wheel-0.45.1.dist-info/"
              "METADATA\nusr/share/doc/x\n\n"
              "%BACKUP%\netc/bin/x\t79fce043df7dfc676ae5ecb903762d8b\n");
  EXPECT_THAT(extract.owned_files,
              ElementsAre("usr/bin/wheel",
                          "usr/lib/python3.11/site-packages/"
                          "wheel-0.45.1.dist-info/METADATA"));
  EXPECT_THAT(extract.packages, IsEmpty());
}

TEST(PacmanTest, WantsDescriptionsAndFilesOfInstalledPackagesAlone) {
  EXPECT_TRUE(Pacman().Wants(kDesc));
  EXPECT_TRUE(Pacman().Wants(kFiles));
  EXPECT_FALSE(Pacman().Wants("var/lib/pacman/local/zlib-1-2/mtree"));
  EXPECT_FALSE(Pacman().Wants("var/lib/pacman/local/ALPM_DB_VERSION"));
  EXPECT_FALSE(Pacman().Wants("var/lib/pacman/local/a/b/desc"));
  EXPECT_FALSE(Pacman().Wants("var/lib/pacman/sync/zlib-1-2/desc"));
}

TEST(PacmanTest, ADescriptionWithoutANameIsAProblem) {
  EXPECT_NE(Extract(Pacman(), kDesc, "%VERSION%\n1-1\n").problem, "");
  EXPECT_NE(Extract(Pacman(), kDesc, "").problem, "");
}

TEST(PacmanTest, DamagedDescriptionsEndInAnExtract) {
  EXPECT_GT(testing::ExtractFromDamaged(Pacman(), kDesc, kDescription), 1);
  testing::ExtractFromDamaged(Pacman(), kFiles, "%FILES%\nusr/bin/a\n\n");
}

TEST(PacmanTest, CorpusDatabaseComesOutWhole) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::string root = *corpus + "/pkgdb/syft/arch/installed/";
  std::vector<std::string> lines;
  std::vector<std::string> broken;
  for (const std::string& file : testing::FilesBelow(root)) {
    if (!Pacman().Wants(file)) continue;
    const auto extract = Extract(Pacman(), file, ReadFile(root + file));
    for (auto& line : Lines(extract.packages)) lines.push_back(line);
    if (!extract.problem.empty()) broken.push_back(file);
  }
  EXPECT_THAT(lines, ElementsAre("emacs 29.3-3 x86_64 emacs 29.3-3",
                                 "fuzzy 1.2-3  fuzzy 1.2-3",
                                 "gmp 6.2.1-2 x86_64 gmp 6.2.1-2",
                                 "madeup 20.30-4  madeup 20.30-4",
                                 "tree-sitter 0.22.6-1 x86_64 tree-sitter "
                                 "0.22.6-1"));
  EXPECT_THAT(broken, ElementsAre("var/lib/pacman/local/corrupt-0.2.1-3/desc"));
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
