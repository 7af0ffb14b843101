#include "agent/extract/lang/gomod/gomod.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

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

constexpr char kPath[] = "app/go.mod";

constexpr char kMod[] =
    "module example.org/mine\n\ngo 1.22.1\n\ntoolchain go1.22.5\n\n"
    "require example.org/a v1.0.0\n"
    "require (\n"
    "\texample.org/b v1.1.0 // indirect\n"
    "\t\"example.org/c\" v1.2.0\n"
    "\texample.org/d v1.3.0\n"
    "\texample.org/e v1.4.0\n"
    ")\n"
    "exclude example.org/e v1.4.0\n"
    "replace (\n"
    "\texample.org/b => example.org/fork v2.0.0\n"
    "\texample.org/c v9.9.9 => ../elsewhere\n"
    "\texample.org/d v1.3.0 => ../here\n"
    ")\n";

TEST(GomodTest, RequirementsAreKeptAsTheyAreReplaced) {
  EXPECT_THAT(RowsOf(Gomod(), kPath, kMod),
              ElementsAre("example.org/a v1.0.0", "example.org/c v1.2.0",
                          "example.org/fork v2.0.0"));
}

TEST(GomodTest, ModulesOfDependenciesAreNotWanted) {
  EXPECT_FALSE(Gomod().Wants("root/go/pkg/mod/example.org/a@v1.0.0/go.mod"));
  EXPECT_FALSE(Gomod().Wants("app/vendor/example.org/a/go.mod"));
}

TEST(GomodTest, TooManyLinesAreAProblem) {
  std::string text = "replace (\n";
  for (int i = 0; i < 10'002; ++i) {
    text += "a" + std::to_string(i) + " => ../b\n";
  }
  EXPECT_EQ(Extract(Gomod(), kPath, text).problem, "too many lines");
}

TEST(GomodTest, DamagedFilesEndInAnExtract) {
  ExtractFromDamaged(Gomod(), kPath, kMod);
}

TEST(GomodTest, CorpusComesOutAsExpected) {
  const char kRoot[] = "the module itself";
  const char kStdlib[] = "the toolchain that builds is not known here";
  const char kUnion[] = "the expected rows are those of two cases";
  const std::string folder = "golang/mod/testdata/";
  std::vector<std::string> names = {

      "replaced-with-local-path-and-version-"
      "mismatch/go.mod",
      "replaced-with-local-path-and-version/"
      "go.mod",
      "replaced-with-local-path/go.mod",
      "replaced-with-version-mismatch/go.mod", "replaced-with-version/go.mod"};
  for (std::string& name : names) {
    name = folder + name;
    ExpectCorpus(Gomod(), "trivy-parser",
                 {{.fixture = name,
                   .path = kPath,
                   .otherwise = {{"-github.com/org/repo ", kRoot}}}});
  }
  const char kOld[] = "before Go 1.17 indirect modules were left out";
  const std::string go116 = folder + "go116/go.mod";
  const std::string none = folder + "no-go-version/gomod";
  const char kYaml[] = "+gopkg.in/yaml.v3 v3.0.0-20210107192922-496545a6307b";
  const std::string normal = folder + "normal/go.mod";
  const std::string replaced = folder + "replaced/go.mod";
  ExpectCorpus(
      Gomod(), "trivy-parser",
      {{.fixture = go116,
        .path = kPath,
        .otherwise = {{"-github.com/org/repo ", kRoot}, {kYaml, kOld}}},
       {.fixture = none,
        .path = kPath,
        .otherwise = {{"-github.com/org/repo ", kRoot}}},
       {.fixture = normal,
        .path = kPath,
        .otherwise = {{"-github.com/org/repo ", kRoot},
                      {"-stdlib v1.22.5", kStdlib}}},
       {.fixture = replaced,
        .path = kPath,
        .otherwise = {{"-github.com/org/repo ", kRoot},
                      {"-github.com/aquasecurity/go-dep-parser "
                       "v0.0.0-20211110174639-8257534ffed3",
                       kUnion}}}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
