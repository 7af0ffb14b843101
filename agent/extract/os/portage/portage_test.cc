#include "agent/extract/os/portage/portage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::os {
namespace {

using ::landwaiter::agent::extract::testing::Corpus;
using ::landwaiter::agent::extract::testing::Extract;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string PathOf(const std::string& package) {
  return "var/db/pkg/" + package + "/CONTENTS";
}

TEST(PortageTest, AFolderIsAPackageWithItsRevision) {
  for (const auto& [folder, name, version] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"app-shells/bash-5.1_p16", "app-shells/bash", "5.1_p16"},
           {"sys-libs/glibc-2.36-r5", "sys-libs/glibc", "2.36-r5"},
           {"x11-libs/gtk+-3.24.35", "x11-libs/gtk+", "3.24.35"},
           {"dev-libs/a-b-r2d2-1.0", "dev-libs/a-b-r2d2", "1.0"},
           {"dev-lang/python-3.11.1_rc1-r10", "dev-lang/python",
            "3.11.1_rc1-r10"}}) {
    const auto extract = Extract(Portage(), PathOf(folder), "");
    ASSERT_EQ(extract.packages.size(), 1u) << folder;
    EXPECT_EQ(extract.packages[0].type, "ebuild");
    EXPECT_EQ(extract.packages[0].name, name);
    EXPECT_EQ(extract.packages[0].version, version);
    EXPECT_EQ(extract.problem, "");
  }
}

TEST(PortageTest, FilesOfAPackageAreOwned) {
  const auto extract = Extract(
      Portage(), PathOf("a/b-1"),
      "dir /usr/bin\n"
      "obj /usr/bin/skopeo 376c02bd3b22804df8fdfdc895e7dbfb 1649284374\n"
      "obj /usr/bin/with blank 376c02bd3b22804df8fdfdc895e7dbfb 1\n"
      "sym /usr/bin/sk -> skopeo 1649284374\n"
      "obj /etc/x 0 1\nobj\nobj x\nfif /usr/bin/pipe\n");
  EXPECT_THAT(extract.owned_files, ElementsAre("usr/bin/sk", "usr/bin/skopeo",
                                               "usr/bin/with blank"));
}

TEST(PortageTest, WantsContentsOfInstalledPackagesAlone) {
  EXPECT_TRUE(Portage().Wants("var/db/pkg/a/b-1/CONTENTS"));
  EXPECT_FALSE(Portage().Wants("var/db/pkg/a/b-1/LICENSE"));
  EXPECT_FALSE(Portage().Wants("var/db/pkg/a/-MERGING-b-1/CONTENTS"));
  EXPECT_FALSE(Portage().Wants("var/db/pkg/a/b-1/c/CONTENTS"));
  EXPECT_FALSE(Portage().Wants("var/db/repos/a/b-1/CONTENTS"));
}

TEST(PortageTest, AFolderWithoutAVersionIsAProblem) {
  for (const char* folder : {"a/b", "a/b-c", "a/1.0", "a/b-r1", "a/b-"}) {
    const auto extract = Extract(Portage(), PathOf(folder), "");
    EXPECT_THAT(extract.packages, IsEmpty()) << folder;
    EXPECT_NE(extract.problem, "") << folder;
  }
}

TEST(PortageTest, DamagedContentsEndInAnExtract) {
  testing::ExtractFromDamaged(Portage(), PathOf("a/b-1"),
                              "obj /usr/bin/a 0 1\nsym /usr/bin/b -> a 1\n");
}

TEST(PortageTest, CorpusPackageComesOutWithItsFiles) {
  if (!Corpus().has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::string path = PathOf("app-containers/skopeo-1.5.1");
  const auto extract = Extract(
      Portage(), path,
      testing::ReadFile(*Corpus() + "/pkgdb/syft/gentoo/layout/" + path));
  ASSERT_EQ(extract.packages.size(), 1u);
  EXPECT_EQ(extract.packages[0].name, "app-containers/skopeo");
  EXPECT_THAT(extract.owned_files, ElementsAre("usr/bin/skopeo"));
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
