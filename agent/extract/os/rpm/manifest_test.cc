#include "agent/extract/os/rpm/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/os/rpm/rpm.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::os {
namespace {

using extract::testing::Corpus;
using extract::testing::Extract;
using extract::testing::Lines;
using ::testing::ElementsAre;

constexpr char kPath[] = "var/lib/rpmmanifest/container-manifest-2";

TEST(ManifestTest, RpmWantsIt) { EXPECT_TRUE(Rpm().Wants(kPath)); }

TEST(ManifestTest, ALineIsAPackage) {
  const auto extract = Extract(
      Rpm(), kPath,
      "glibc\t2.35-2.cm2\t16\t16\tMicrosoft Corporation\t(none)\t10\tx86_64\t0"
      "\tglibc-2.35-2.cm2.src.rpm\n"
      "vim\t9.0-1.cm2\t16\t16\t(none)\t2\t45\t(none)\t2\t(none)\n\n");
  EXPECT_EQ(extract.problem, "");
  EXPECT_THAT(Lines(extract.packages),
              ElementsAre("glibc 2.35-2.cm2 x86_64 glibc 2.35-2.cm2",
                          "vim 2:9.0-1.cm2   "));
  EXPECT_EQ(extract.packages[0].vendor, "Microsoft Corporation");
  EXPECT_EQ(extract.packages[1].vendor, "");
}

TEST(ManifestTest, ALineOfAnotherShapeIsAProblem) {
  const auto extract = Extract(Rpm(), kPath, "not\ta manifest\n");
  EXPECT_TRUE(extract.packages.empty());
  EXPECT_EQ(extract.problem, "line 1: 2 columns");
}

TEST(ManifestTest, CorpusManifestComesOut) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const auto extract =
      Extract(Rpm(), kPath,
              extract::testing::ReadFile(
                  *corpus + "/pkgdb/syft/redhat/container-manifest-2"));
  EXPECT_EQ(extract.problem, "");
  EXPECT_EQ(extract.packages.size(), 5u);
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
