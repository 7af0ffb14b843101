#include "agent/extract/lang/julia/julia.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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

constexpr char kPath[] = "app/Manifest.toml";

constexpr char kManifest[] =
    "julia_version = \"1.9.0\"\nmanifest_format = \"2.0\"\n"
    "[[deps.JSON]]\ndeps = [\"Dates\"]\nuuid = \"682c\"\n"
    "version = \"0.21.4\"\n"
    "[[deps.Dates]]\ndeps = [\"Printf\"]\nuuid = \"ade2\"\n"
    "[[deps.Mine]]\npath = \"../Mine\"\nuuid = \"1234\"\nversion = \"1.0.0\"\n"
    "[[deps.Weak]]\nuuid = \"77\"\nversion = \"2.0.0\"\n"
    "    [deps.Weak.weakdeps]\n    version = \"9\"\n";

TEST(JuliaTest, RegisteredPackagesAreKept) {
  EXPECT_THAT(RowsOf(Julia(), kPath, kManifest),
              ElementsAre("JSON 0.21.4", "Weak 2.0.0"));
}

TEST(JuliaTest, TheFirstFormatHasPackagesInTheRoot) {
  EXPECT_THAT(RowsOf(Julia(), "app/Manifest-v1.11.toml",
                     "[[JSON]]\nuuid = \"682c\"\nversion = \"0.21.4\"\n"),
              ElementsAre("JSON 0.21.4"));
}

TEST(JuliaTest, OtherManifestsAreNothing) {
  EXPECT_THAT(RowsOf(Julia(), kPath,
                     "[package]\nname = \"a\"\nversion = \"1\"\n"
                     "[[bin]]\nversion = \"1\"\n"),
              IsEmpty());
}

TEST(JuliaTest, DamagedManifestsEndInAnExtract) {
  ExtractFromDamaged(Julia(), kPath, kManifest);
}

TEST(JuliaTest, CorpusComesOutAsExpected) {
  const char kNone[] = "the manifest tells no version";
  const std::string folder = "julia/manifest/testdata/";
  const std::string v10 = folder + "julia_v1.0_format/Manifest.toml";
  const std::string v16 = folder + "primary/Manifest_v1.6.toml";
  const std::string v18 = folder + "primary/Manifest_v1.8.toml";
  const std::string shadowed = folder + "shadowed_dep_v1.9/Manifest.toml";
  const std::string extension = folder + "dep_ext_v1.9/Manifest.toml";
  ExpectCorpus(Julia(), "trivy-parser",
               {{.fixture = extension, .path = kPath},
                {.fixture = v10,
                 .path = kPath,
                 .otherwise = {{"-Bar unknown", kNone},
                               {"-Baz unknown", kNone},
                               {"-Foo unknown", kNone},
                               {"-Qux unknown", kNone}}},
                {.fixture = v16,
                 .path = kPath,
                 .otherwise = {{"-Dates unknown", kNone},
                               {"-Mmap unknown", kNone},
                               {"-Printf unknown", kNone},
                               {"-Unicode unknown", kNone}}},
                {.fixture = v18,
                 .path = kPath,
                 .otherwise = {{"-Dates 1.8.5", kNone},
                               {"-Mmap 1.8.5", kNone},
                               {"-Printf 1.8.5", kNone},
                               {"-Random 1.8.5", kNone},
                               {"-Serialization 1.8.5", kNone},
                               {"-UUIDs 1.8.5", kNone},
                               {"-Unicode 1.8.5", kNone}}},
                {.fixture = shadowed,
                 .path = kPath,
                 .otherwise = {{"-A 1.9.0", kNone}, {"-B 1.9.0", kNone}}}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
